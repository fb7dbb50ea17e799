using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>What $validate is asked: a Parameters resource with resource, mode and profile, or the bare resource with mode and profile in the URL.</summary>
/// <param name="Document">Null when only a deletion is asked about, or it cannot be read.</param>
/// <param name="Line">Where the resource starts in the text that was sent.</param>
internal sealed record ValidateInput(ResourceDocument? Document, IReadOnlyList<string> Profiles, ValidateMode Mode, int Line = 1, int Column = 1)
{
    /// <summary>Why what was sent cannot be read, which is a verdict; that there is nothing to look at, or no such mode, is a failure.</summary>
    public IReadOnlyList<Issue>? Unreadable { get; init; }

    public static Result<ValidateInput> Of(FhirRequest request, DocumentLimits limits)
    {
        var profiles = request.Query.Where(parameter => parameter.Key == "profile").Select(parameter => parameter.Value).ToList();
        if (!ModeOf(request.Parameter("mode")).TryGet(out var mode, out var unknown))
        {
            return unknown;
        }

        if (request.Body.IsEmpty && mode == ValidateMode.Delete)
        {
            return new ValidateInput(null, profiles, mode);
        }

        if (!FhirBody.Parse(request, limits).TryGet(out var document, out var failure))
        {
            return failure.Kind == FailureKind.UnsupportedMedia || request.Body.IsEmpty ? failure : new ValidateInput(null, profiles, mode) { Unreadable = failure.Issues };
        }

        return document.ResourceType == "Parameters" && request.Route.Type is not "Parameters"
            ? OfParameters(document, profiles, mode, limits)
            : new ValidateInput(document, profiles, mode);
    }

    /// <summary>An issue about the resource, placed in the text that was sent.</summary>
    public Issue Placed(Issue issue) => Line == 1 && Column == 1 || issue.Line is not { } line
        ? issue
        : issue with { Line = line + Line - 1, Column = line == 1 ? issue.Column + Column - 1 : issue.Column };

    private static Result<ValidateInput> OfParameters(ResourceDocument parameters, List<string> profiles, ValidateMode mode, DocumentLimits limits)
    {
        var (isNamed, resource) = (false, default(Node));
        foreach (var parameter in parameters.Root.ChildrenOf("parameter"))
        {
            switch (parameter.Child("name").Text)
            {
                case "resource":
                    (isNamed, resource) = (true, parameter.Child("resource"));
                    break;
                case "profile" when parameter.Child("value").Text is { } profile:
                    profiles.Add(profile);
                    break;
                case "mode":
                    if (!ModeOf(parameter.Child("value").Text).TryGet(out mode, out var unknown))
                    {
                        return unknown;
                    }

                    break;
            }
        }

        if (!resource.Exists)
        {
            // The SDK of .NET sends a resource without content as a parameter without one, and expects a verdict.
            return mode == ValidateMode.Delete ? new ValidateInput(null, profiles, mode)
                : isNamed ? new ValidateInput(null, profiles, mode) { Unreadable = [new Issue(IssueSeverity.Error, IssueCode.Required, "The parameter resource holds no resource.")] }
                : new Failure(FailureKind.Malformed, IssueCode.Required, "The Parameters have no parameter named resource.");
        }

        var (line, column) = parameters.IsFromXml ? (1, 1) : resource.Position;
        return parameters.Inner(resource, limits).TryGet(out var document, out var failure)
            ? new ValidateInput(document, profiles, mode, line, column)
            : new ValidateInput(null, profiles, mode) { Unreadable = failure.Issues };
    }

    private static Result<ValidateMode> ModeOf(string? text) => text switch
    {
        null or "" or "profile" => ValidateMode.None,
        "create" => ValidateMode.Create,
        "update" => ValidateMode.Update,
        "delete" => ValidateMode.Delete,
        _ => new Failure(FailureKind.Malformed, IssueCode.Invalid, "mode is one of create, update, delete, profile."),
    };
}
