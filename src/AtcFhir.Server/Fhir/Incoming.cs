using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>A resource on its way in: parsed and checked, with what was found although it is taken.</summary>
internal readonly record struct Incoming(ResourceDocument Document, IReadOnlyList<Issue> Issues)
{
    /// <summary>Parse and check in one.</summary>
    public static Result<Incoming> Take(FhirEndpoint endpoint, FhirRequest request, ValidateMode mode)
        => FhirBody.Parse(request, endpoint.Limits).TryGet(out var document, out var failure) ? Check(endpoint, document, request.Type, mode) : failure;

    /// <summary>
    /// 400 when it is of another type, or when its structure is broken; 422 when it breaks rules and these are enforced. With validation off, what can be read is taken.
    /// The rules are those of the base definition, of each known meta.profile, of the profile that the trial's catalogue names, and of those configured for the type.
    /// </summary>
    public static Result<Incoming> Check(FhirEndpoint endpoint, ResourceDocument document, string type, ValidateMode interaction)
    {
        if (document.ResourceType != type)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"The body is a resource of type {document.ResourceType}; the URL is for {type}.");
        }

        var mode = endpoint.Validation.OnWrite(type);
        if (mode == ValidationMode.Off)
        {
            return new Incoming(document, []);
        }

        if (document.Issues.Any(IsBroken))
        {
            return new Failure(FailureKind.Malformed, document.Issues);
        }

        var validator = endpoint.Validator();
        var catalogue = endpoint.ProfileFor(document) is { } profile && validator.IsKnown(profile) ? profile : null;
        var result = validator.Validate(document, endpoint.Validation.Request(type, catalogue, [], interaction));
        return result.IsValid || mode == ValidationMode.Warn
            ? new Incoming(document, result.Issues)
            : new Failure(FailureKind.Unprocessable, RuleLinks.Add(result.Issues, endpoint.PublicUrl?.AbsoluteUri.TrimEnd('/')));
    }

    /// <summary>A fault of structure or format; a missing element or a code that is not in its value set is a rule broken instead.</summary>
    private static bool IsBroken(Issue issue) => issue.IsError && issue.Code is not (IssueCode.Required or IssueCode.CodeInvalid);
}
