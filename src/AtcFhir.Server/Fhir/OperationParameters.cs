using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The parameters of an operation: a Parameters resource and those of the URL. <see href="https://hl7.org/fhir/R4/operations.html#executing"/></summary>
internal sealed class OperationParameters
{
    private readonly List<KeyValuePair<string, string>> all = [];

    private OperationParameters() { }

    /// <summary>Names and texts in the order given, of the URL first; those of the body that have no text are not among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => all;

    /// <summary>The names of all, with a text or not.</summary>
    public IEnumerable<string> Names
        => all.Select(parameter => parameter.Key).Concat((Document?.Root ?? default).ChildrenOf("parameter").ToList().Select(parameter => parameter.Child("name").Text).OfType<string>()).Distinct();

    /// <summary>The Parameters resource; null when the request has no body.</summary>
    public ResourceDocument? Document { get; private init; }

    public static Result<OperationParameters> Of(FhirRequest request, DocumentLimits limits)
    {
        ResourceDocument? document = null;
        if (!request.Body.IsEmpty)
        {
            if (!FhirBody.Parse(request, limits).TryGet(out document, out var failure))
            {
                return failure;
            }

            if (document.ResourceType != "Parameters" || document.Issues.Any(issue => issue.IsError))
            {
                return new Failure(FailureKind.Malformed, document.ResourceType == "Parameters"
                    ? document.Issues
                    : [Issue.Error(IssueCode.Invalid, "An operation takes a Parameters resource.")]);
            }
        }

        var parameters = new OperationParameters { Document = document };
        parameters.all.AddRange(request.Query);
        foreach (var parameter in (document?.Root ?? default).ChildrenOf("parameter"))
        {
            if (parameter.Child("name").Text is { } name && TextOf(parameter.Child("value")) is { } text)
            {
                parameters.all.Add(new(name, text));
            }
        }

        return parameters;
    }

    /// <summary>
    /// The parameter as text, that of the body before that of the URL: a primitive as it is, a Reference as Type/id, an Identifier as system|value; null when
    /// it is not given.
    /// </summary>
    public string? Text(string name) => all.FindLast(parameter => parameter.Key == name) is { Key: not null } found ? found.Value : null;

    /// <summary>Every value of a parameter that may repeat.</summary>
    public IEnumerable<string> Texts(string name) => all.Where(parameter => parameter.Key == name).Select(parameter => parameter.Value);

    /// <summary>The value of a parameter of the body as a node; none when it is not there.</summary>
    public Node Value(string name)
    {
        foreach (var parameter in (Document?.Root ?? default).ChildrenOf("parameter"))
        {
            if (parameter.Child("name").Text == name)
            {
                return parameter.Child("value");
            }
        }

        return default;
    }

    private static string? TextOf(Node value) => value.Exists ? value.Type.Name switch
    {
        "Reference" => value.Child("reference").Text ?? TextOf(value.Child("identifier")),
        "Identifier" => value.Child("system").Text is { } system ? $"{system}|{value.Child("value").Text}" : value.Child("value").Text,
        _ => value.Text,
    }
    : null;
}
