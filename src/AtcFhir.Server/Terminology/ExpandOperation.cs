using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>The operation $expand on ValueSet. <see href="https://hl7.org/fhir/R4/valueset-operation-expand.html"/></summary>
internal static class ExpandOperation
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.Expand, "ValueSet", "valueSet", "valueSetVersion", cancel)).TryGet(out var question, out var failure)
            || !RequestOf(question).TryGet(out var asked, out failure))
        {
            return Outcomes.Of(failure);
        }

        if (question.Choice is null)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "Which value set? Give url or valueSet, or ask the instance.");
        }

        return question.Operations.Expand(question.Choice, asked).TryGet(out var expanded, out var cannot)
            ? new FhirResponse(StatusCodes.Status200OK) { Body = expanded }
            : Outcomes.Of(cannot);
    }

    private static Result<ExpandRequest> RequestOf(TerminologyQuestion question)
    {
        if (!question.Number("offset").TryGet(out var offset, out var failure) || !question.Number("count").TryGet(out var count, out failure))
        {
            return failure;
        }

        var parameters = question.Parameters;
        return new ExpandRequest
        {
            Filter = parameters.Text("filter") is { } filter && !string.IsNullOrWhiteSpace(filter) ? filter : null,
            Offset = offset,
            Count = count,
            IncludeDesignations = question.Flag("includeDesignations"),
            Designations = [.. parameters.Texts("designation")],
            IncludeDefinition = question.Flag("includeDefinition"),
            ActiveOnly = question.Flag("activeOnly"),
            ExcludeNested = question.Flag("excludeNested"),
            ExcludeNotForUI = question.Flag("excludeNotForUI"),
            ExcludePostCoordinated = question.Flag("excludePostCoordinated"),
            DisplayLanguage = parameters.Text("displayLanguage"),
            ExcludeSystems = [.. parameters.Texts("exclude-system")],
            SystemVersions = [.. parameters.Texts("system-version")],
            CheckSystemVersions = [.. parameters.Texts("check-system-version")],
            ForceSystemVersions = [.. parameters.Texts("force-system-version")],
        };
    }
}
