using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// A terminology operation as asked: by GET with simple parameters, by POST with a Parameters resource, or by POST of the resource that it is about; on the
/// type, or on a stored instance. <see href="https://hl7.org/fhir/R4/operations.html#executing"/>
/// </summary>
/// <param name="Choice">The resource that it is about; null when none was named.</param>
internal sealed record TerminologyQuestion(TerminologyOperations Operations, OperationParameters Parameters, DefinitionChoice? Choice)
{
    /// <param name="known">What the operation takes.</param>
    /// <param name="type">The resource type of the operation, whose read permission it needs.</param>
    /// <param name="parameter">Name of the parameter that holds the resource itself: valueSet, codeSystem, conceptMap.</param>
    /// <param name="version">Name of the parameter that holds its business version.</param>
    public static async ValueTask<Result<TerminologyQuestion>> Of(
        FhirEndpoint endpoint, Access access, FhirRequest request, TerminologyParameters known, string type, string parameter, string version, CancellationToken cancel)
    {
        if (!endpoint.Serves(type))
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotSupported, $"Resource type {type} is not served.");
        }

        if (access.Refuse(Permission.Read, type) is { } refused)
        {
            return refused;
        }

        var bare = BareResource(request, type, endpoint.Limits);
        if (!OperationParameters.Of(bare.IsEmpty ? request : request with { Body = default }, endpoint.Limits).TryGet(out var parameters, out var unclear))
        {
            return unclear;
        }

        if (known.Refuse(parameters, endpoint.Time.GetUtcNow()) is { } unsupported)
        {
            return unsupported;
        }

        var choice = ChoiceOf(parameters, bare, parameter, version);
        if (request.Route.Id is { } id)
        {
            if (await endpoint.Store.Read(type, id, cancel) is not { IsDeleted: false } stored)
            {
                return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"{type}/{id} is not known.");
            }

            choice = new DefinitionChoice(null, null, stored.Body);
        }

        return new TerminologyQuestion(await endpoint.Terminology.Current(cancel), parameters, choice);
    }

    /// <summary>A positive whole number or zero; null when it is not given.</summary>
    public Result<int?> Number(string name) => Parameters.Text(name) switch
    {
        null => new Result<int?>(),
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => (int?)number,
        _ => new Failure(FailureKind.Malformed, IssueCode.Value, $"{name} has to be a whole number, zero or more."),
    };

    /// <summary>False when it is not given.</summary>
    public bool Flag(string name) => Parameters.Text(name) == "true";

    /// <summary>The codes that are asked about: code with system and version, coding, or codeableConcept.</summary>
    /// <param name="system">The code system that a code without one belongs to; null demands the system.</param>
    public Result<IReadOnlyList<ConceptCoding>> Codings(string? system = null)
    {
        List<ConceptCoding> codings = [];
        if (CodingOf(Parameters.Value("coding")) is { } coding)
        {
            codings.Add(coding);
        }

        foreach (var member in Parameters.Value("codeableConcept").ChildrenOf("coding"))
        {
            if (CodingOf(member) is { } inside)
            {
                codings.Add(inside);
            }
        }

        if (Parameters.Text("code") is { } code)
        {
            if ((Parameters.Text("system") ?? system) is not { } stated)
            {
                return new Failure(FailureKind.Malformed, IssueCode.Required, "A code needs its system; give the parameter system, or a coding.");
            }

            codings.Add(new ConceptCoding(stated, Parameters.Text("version") ?? Parameters.Text("systemVersion"), code, Parameters.Text("display")));
        }

        return codings.Count > 0 ? codings : new Failure(FailureKind.Malformed, IssueCode.Required, "There is no code: give code and system, coding, or codeableConcept.");
    }

    public static ConceptCoding? CodingOf(Node coding)
        => coding.Child("code").Text is { } code ? new ConceptCoding(coding.Child("system").Text, coding.Child("version").Text, code, coding.Child("display").Text) : null;

    /// <summary>An operation with one resource among its parameters takes it as the body itself.</summary>
    private static ReadOnlyMemory<byte> BareResource(FhirRequest request, string type, DocumentLimits limits)
        => !request.Body.IsEmpty && FhirBody.Parse(request, limits).TryGet(out var document, out _) && document.ResourceType == type ? document.Utf8 : default;

    private static DefinitionChoice? ChoiceOf(OperationParameters parameters, ReadOnlyMemory<byte> bare, string name, string version)
    {
        if (!bare.IsEmpty)
        {
            return new DefinitionChoice(null, null, bare);
        }

        foreach (var parameter in (parameters.Document?.Root ?? default).ChildrenOf("parameter"))
        {
            if (parameter.Child("name").Text == name && parameter.Child("resource") is { Exists: true } resource)
            {
                return new DefinitionChoice(null, null, resource.JsonSpan.ToArray());
            }
        }

        return parameters.Text("url") is { } url ? new DefinitionChoice(url, parameters.Text(version)) : null;
    }
}
