namespace AtcFhir.Tests;

/// <summary>
/// FHIR packages of others, unpacked under artifacts/packages by tests/get-test-data.sh. Tests that need one skip when it is absent.
/// </summary>
internal static class PublicPackage
{
    /// <summary>The unpacked folder "package"; the calling test is skipped when there is none.</summary>
    public static string Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "artifacts", "packages", name, "package");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"The package {name} is not here; tests/get-test-data.sh fetches it.");
        return "";
    }
}
