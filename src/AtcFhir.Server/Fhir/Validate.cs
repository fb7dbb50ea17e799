using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $validate. The answer is 200 with what was found, whether or not the resource is valid, or could be read at all; it is an error only when
/// the validation itself cannot be done. <see href="https://hl7.org/fhir/R4/resource-operation-validate.html"/>
/// </summary>
internal static class Validate
{
    private static readonly Issue AllOk = new(IssueSeverity.Information, IssueCode.Informational, "No issues detected during validation.");

    public static ValueTask<FhirResponse> OfSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, cancel);

    public static ValueTask<FhirResponse> OfType(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, cancel);

    /// <summary>Of what is posted, as an update of the instance; without a body, or by GET, of the instance as it is stored.</summary>
    public static async ValueTask<FhirResponse> OfInstance(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!request.Body.IsEmpty)
        {
            return await Run(endpoint, access, request, cancel);
        }

        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        var current = await endpoint.Store.Read(request.Type, request.Id, cancel);
        return current is { IsDeleted: false } stored
            ? await Run(endpoint, access, request with { Body = stored.Body, ContentType = "application/fhir+json" }, cancel)
            : Read.Answer(request, current);
    }

    private static async ValueTask<FhirResponse> Run(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Route.Type ?? "*") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!ValidateInput.Of(request, endpoint.Limits).TryGet(out var input, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (input.Unreadable is { } unreadable)
        {
            return Outcomes.Report(RuleLinks.Add(unreadable, Root(endpoint, request)));
        }

        if (endpoint.Uploads is { } uploads)
        {
            await uploads.Refresh(cancel);
        }

        return Outcomes.Report(RuleLinks.Add(await Issues(endpoint, request, input, cancel), Root(endpoint, request)));
    }

    /// <summary>Where the pages of this process are: the base URL without /fhir.</summary>
    private static string Root(FhirEndpoint endpoint, FhirRequest request) => request.BaseUrl[..^endpoint.BasePath.Length];

    private static async ValueTask<List<Issue>> Issues(FhirEndpoint endpoint, FhirRequest request, ValidateInput input, CancellationToken cancel)
    {
        var issues = new List<Issue>();
        if (input.Document is { } document)
        {
            if (request.Route.Type is { } type && document.ResourceType != type)
            {
                issues.Add(Issue.Error(IssueCode.Invalid, $"The resource is a {document.ResourceType}; the URL is for {type}."));
            }
            else if (request.Route.Id is { } id && document.Root.Child("id").Text is { } stated && stated != id)
            {
                issues.Add(Issue.Error(IssueCode.Invalid, $"The resource has the id {stated}; the URL is for {id}."));
            }

            var validator = endpoint.Validator();
            var catalogue = endpoint.ProfileFor(document) is { } own && validator.IsKnown(own) ? own : null;
            var asked = endpoint.Validation.Request(document.ResourceType, catalogue, input.Profiles, input.Mode) with { LintProfiles = true };
            var result = endpoint.RemoteTerminology is { } server
                ? await new RemoteValidation(validator, server).ValidateAsync(document, asked, cancel)
                : validator.Validate(document, asked);
            issues.AddRange(result.Issues.Select(input.Placed));
        }

        return issues.Count == 0 ? [AllOk] : issues;
    }
}
