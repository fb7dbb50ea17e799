using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Terminology;

/// <summary>The operation $subsumes on CodeSystem. <see href="https://hl7.org/fhir/R4/codesystem-operation-subsumes.html"/></summary>
internal static class SubsumesOperation
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.Subsumes, "CodeSystem", "codeSystem", "version", cancel)).TryGet(out var question, out var failure))
        {
            return Outcomes.Of(failure);
        }

        var parameters = question.Parameters;
        var (codingA, codingB) = (TerminologyQuestion.CodingOf(parameters.Value("codingA")), TerminologyQuestion.CodingOf(parameters.Value("codingB")));
        var instance = question.Choice is { Json.IsEmpty: false } stored && ResourceDocument.Parse(stored.Json).TryGet(out var document, out _) ? document.Root : default;
        var system = instance.Child("url").Text ?? parameters.Text("system") ?? codingA?.System;
        if ((codingA?.Code ?? parameters.Text("codeA")) is not { } codeA || (codingB?.Code ?? parameters.Text("codeB")) is not { } codeB || system is null)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Two codes of one system are needed: codeA, codeB and system, or codingA and codingB.");
        }

        if ((codingA?.System ?? system) != system || (codingB?.System ?? system) != system)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Invalid, "The two codes are of different code systems; nothing can be said of them.");
        }

        var version = instance.Child("version").Text ?? parameters.Text("version") ?? codingA?.Version;
        return question.Operations.Subsumes(system, version, codeA, codeB).TryGet(out var outcome, out var unknown)
            ? ParametersJson.Answer(answer => answer.Text("outcome", "code", outcome))
            : Outcomes.Of(unknown);
    }
}
