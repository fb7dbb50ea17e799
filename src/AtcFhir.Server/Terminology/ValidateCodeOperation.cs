using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// The operation $validate-code on ValueSet and on CodeSystem. What cannot be told here is a 422 not-supported: neither true nor false would be right.
/// <see href="https://hl7.org/fhir/R4/valueset-operation-validate-code.html"/> <see href="https://hl7.org/fhir/R4/codesystem-operation-validate-code.html"/>
/// </summary>
internal static class ValidateCodeOperation
{
    public static async ValueTask<FhirResponse> OfValueSet(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.ValidateInValueSet, "ValueSet", "valueSet", "valueSetVersion", cancel)).TryGet(out var question, out var failure)
            || !question.Codings().TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        return question.Choice is { } choice
            ? Answer(await OrRemote(choice.Json.IsEmpty ? endpoint.RemoteTerminology : null, question.Operations.ValidateInValueSet(choice, RequestOf(question, codings)), choice.Canonical, codings, endpoint, cancel))
            : Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Which value set? Give url or valueSet, or ask the instance.");
    }

    public static async ValueTask<FhirResponse> OfCodeSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.ValidateInCodeSystem, "CodeSystem", "codeSystem", "version", cancel)).TryGet(out var question, out var failure)
            || !question.Codings(question.Choice?.Url ?? "").TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        // On the type the system may stand in the coding alone.
        codings = [.. codings.Select(coding => coding.System == "" ? coding with { System = null } : coding)];
        var choice = question.Choice ?? (codings[0].System is { } system ? new DefinitionChoice(system, codings[0].Version) : null);
        return choice is not null
            ? Answer(await OrRemote(choice.Json.IsEmpty ? endpoint.RemoteTerminology : null, question.Operations.ValidateInCodeSystem(choice, RequestOf(question, codings)), null, codings, endpoint, cancel))
            : Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Which code system? Give url or codeSystem, or ask the instance.");
    }

    /// <summary>What cannot be told here, the terminology server may know, where one is configured; of a value set that came along it is not asked.</summary>
    private static async ValueTask<Result<CodeVerdict>> OrRemote(
        TerminologyServer? server, Result<CodeVerdict> answer, string? valueSet, IReadOnlyList<ConceptCoding> codings, FhirEndpoint endpoint, CancellationToken cancel)
    {
        if (server is null || answer.Failure?.Issues[0].Code is not (IssueCode.NotSupported or IssueCode.NotFound))
        {
            return answer;
        }

        var questions = codings.Where(coding => coding.System is not null).Select(coding => new CodeQuestion(valueSet, coding.System!, coding.Version, coding.Code)).ToList();
        var told = await server.AskAsync(questions, endpoint.Validator().Source, cancel);
        return questions.Exists(question => told[question].Holds == true) ? new CodeVerdict(true)
            : questions.Count > 0 && questions.TrueForAll(question => told[question].Holds == false) ? new CodeVerdict(false, $"The terminology server says that {string.Join(", ", codings)} is not valid here.")
            : answer;
    }

    private static CodeCheckRequest RequestOf(TerminologyQuestion question, IReadOnlyList<ConceptCoding> codings)
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
