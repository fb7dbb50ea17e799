namespace AtcFhir.Tests;

/// <summary>
/// Public conformance data that is no part of the project: ../shared/conformance beside the project's root, or where $ATCFHIR_CONFORMANCE points.
/// Tests that need it skip when it is absent.
/// </summary>
internal static class Conformance
{
    private static readonly Lazy<string?> Found = new(Find);

    public static string Folder
    {
        get
        {
            Assert.SkipWhen(Found.Value is null, "The public conformance data is not here; put it to ../shared/conformance or name its folder in $ATCFHIR_CONFORMANCE.");
            return Found.Value!;
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ATCFHIR_CONFORMANCE") is { Length: > 0 } given)
        {
            return Directory.Exists(given) ? given : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "conformance");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
