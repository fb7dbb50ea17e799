using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// The operation $validate-code on ValueSet and on CodeSystem. What cannot be told here is a 422 not-supported: neither true nor false would be right.
/// <see href="https://hl7.org/fhir/R4/valueset-operation-validate-code.html"/> <see href="https://hl7.org/fhir/R4/codesystem-operation-validate-code.html"/>
/// </summary>
internal static class ValidateCodeOperation
{
    public static async ValueTask<FhirResponse> OfValueSet(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, "ValueSet", "valueSet", "valueSetVersion", cancel)).TryGet(out var question, out var failure)
            || !question.Codings().TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        return question.Choice is { } choice
            ? Answer(question.Operations.ValidateInValueSet(choice, RequestOf(question, codings)))
            : Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Which value set? Give url or valueSet, or ask the instance.");
    }

    public static async ValueTask<FhirResponse> OfCodeSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, "CodeSystem", "codeSystem", "version", cancel)).TryGet(out var question, out var failure)
            || !question.Codings(question.Choice?.Url ?? "").TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        // On the type the system may stand in the coding alone.
        codings = [.. codings.Select(coding => coding.System == "" ? coding with { System = null } : coding)];
        var choice = question.Choice ?? (codings[0].System is { } system ? new DefinitionChoice(system, codings[0].Version) : null);
        return choice is not null
            ? Answer(question.Operations.ValidateInCodeSystem(choice, RequestOf(question, codings)))
            : Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Which code system? Give url or codeSystem, or ask the instance.");
    }

    private static CodeCheckRequest RequestOf(TerminologyQuestion question, IReadOnlyList<Validation.Terminology.ConceptCoding> codings)
        => new(codings, question.Parameters.Text("abstract") != "false", question.Parameters.Text("displayLanguage"));

    private static FhirResponse Answer(Result<CodeVerdict> answer) => answer.TryGet(out var verdict, out var failure)
        ? ParametersJson.Answer(parameters =>
        {
            parameters.Flag("result", verdict.Result);
            parameters.Text("message", "string", verdict.Message);
            parameters.Text("display", "string", verdict.Display);
        })
        : Outcomes.Of(failure);
}
