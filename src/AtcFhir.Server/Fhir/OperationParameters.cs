using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The parameters of an operation: a Parameters resource, or, without a body, those of the URL. <see href="https://hl7.org/fhir/R4/operations.html#executing"/></summary>
internal sealed class OperationParameters
{
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    private OperationParameters() { }

    public static Result<OperationParameters> Of(FhirRequest request, DocumentLimits limits)
    {
        var parameters = new OperationParameters();
        foreach (var (name, value) in request.Query)
        {
            parameters.texts.TryAdd(name, value);
        }

        if (request.Body.IsEmpty)
        {
            return parameters;
        }

        if (!FhirBody.Parse(request, limits).TryGet(out var document, out var failure))
        {
            return failure;
        }

        if (document.ResourceType != "Parameters" || document.Issues.Any(issue => issue.IsError))
        {
            return new Failure(FailureKind.Malformed, document.ResourceType == "Parameters"
                ? document.Issues
                : [Issue.Error(IssueCode.Invalid, "An operation takes a Parameters resource.")]);
        }

        foreach (var parameter in document.Root.ChildrenOf("parameter"))
        {
            if (parameter.Child("name").Text is { } name && TextOf(parameter.Child("value")) is { } text)
            {
                parameters.texts[name] = text;
            }
        }

        return parameters;
    }

    /// <summary>The parameter as text: a primitive as it is, a Reference as Type/id, an Identifier as system|value; null when it is not given.</summary>
    public string? Text(string name) => texts.GetValueOrDefault(name);

    private static string? TextOf(Node value) => value.Exists ? value.Type.Name switch
    {
        "Reference" => value.Child("reference").Text ?? TextOf(value.Child("identifier")),
        "Identifier" => value.Child("system").Text is { } system ? $"{system}|{value.Child("value").Text}" : value.Child("value").Text,
        _ => value.Text,
    }
    : null;
}
