using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Writing;

/// <summary>The conditions of a write against the state under the writer's lock. <see href="https://hl7.org/fhir/R4/http.html#concurrency"/></summary>
internal static class Preconditions
{
    public static Failure? Check(ResourceWrite write, string id, ResourceRow? current, out WriteOutcome outcome)
    {
        outcome = WriteOutcome.PreconditionFailed;
        if (write.IfNoneMatchAny && current is { IsDeleted: false })
        {
            return new Failure(FailureKind.Precondition, IssueCode.Conflict, $"{write.Type}/{id} exists, and If-None-Match wants that it does not.");
        }

        if (write.IfMatchAny && current is not { IsDeleted: false })
        {
            return new Failure(FailureKind.Precondition, IssueCode.Conflict, $"{write.Type}/{id} does not exist, and If-Match wants that it does.");
        }

        if (write.IfNoneMatch is { } known && current is { IsDeleted: false } && known.Contains(current.Version.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal))
        {
            return new Failure(FailureKind.Precondition, IssueCode.Conflict, string.Create(CultureInfo.InvariantCulture, $"{write.Type}/{id} is at version {current.Version}, which If-None-Match names."));
        }

        if (write.IfMatch is { } versions && !versions.Contains(current?.Version.ToString(CultureInfo.InvariantCulture) ?? "", StringComparer.Ordinal))
        {
            var standing = current is null ? "does not exist" : string.Create(CultureInfo.InvariantCulture, $"is at version {current.Version}");
            return new Failure(FailureKind.Precondition, IssueCode.Conflict, $"{write.Type}/{id} {standing}, not at the version that If-Match names ({string.Join(", ", versions)}).");
        }

        if (write.Kind == WriteKind.Create && current is not null)
        {
            outcome = WriteOutcome.Conflict;
            return new Failure(FailureKind.Conflict, IssueCode.Duplicate, $"{write.Type}/{id} exists already.");
        }

        return null;
    }
}
