namespace AtcFhir.EndToEnd.Running;

/// <summary>What prepare.sh makes. A test that needs an absent part is skipped and says how to make it.</summary>
internal static class Artifacts
{
    private static readonly string Root = FindRoot();

    public static string Server => Need(Path.Combine("artifacts", "server", "AtcFhir.Server"));

    public static string Cli => Need(Path.Combine("artifacts", "cli", "atcfhir"));

    /// <summary>Folder of the foreign FHIR server and client, with its npm modules.</summary>
    public static string Hospital
    {
        get
        {
            Need(Path.Combine("tests", "AtcFhir.EndToEnd", "hospital", "node_modules", "@medplum", "fhir-router", "package.json"));
            return Path.Combine(Root, "tests", "AtcFhir.EndToEnd", "hospital");
        }
    }

    public static string InRepository(string path) => Path.Combine(Root, path);

    private static string Need(string path)
    {
        var full = Path.Combine(Root, path);
        Assert.SkipUnless(File.Exists(full), $"{path} is not there; tests/AtcFhir.EndToEnd/prepare.sh makes it.");
        return full;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AtcFhir.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("AtcFhir.sln is not above the test binary.");
    }
}
