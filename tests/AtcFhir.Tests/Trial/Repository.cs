namespace AtcFhir.Tests.Trial;

/// <summary>Where this repository stands on the machine that runs the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AtcFhir.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests must run below the repository.");
    }
}
