using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AtcFhir.Tests;

/// <summary>The rules of the house that a compiler does not check: rooms, direction, names, sizes. docs/architecture.md says why.</summary>
public partial class HouseTests
{
    /// <summary>What each project may refer to directly; what it reaches through these is theirs to answer for.</summary>
    private static readonly Dictionary<string, string[]> Direction = new()
    {
        ["AtcFhir.R4"] = [],
        ["AtcFhir.Validation"] = ["AtcFhir.R4"],
        ["AtcFhir.Trial"] = ["AtcFhir.Validation"],
        ["AtcFhir.Store"] = ["AtcFhir.R4"],
        ["AtcFhir.Sync"] = ["AtcFhir.Trial", "AtcFhir.Store"],
        ["AtcFhir.Server"] = ["AtcFhir.Sync"],
        ["AtcFhir.Cli"] = ["AtcFhir.Sync"],
    };

    private static readonly string[] NoFolders = ["Helpers", "Managers", "Utils", "Util", "Common", "Interfaces", "Dtos", "Services", "Models"];

    private static readonly string Root = FindRoot();

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void TheTopLevelHoldsWhatTheArchitectureNamesAndNothingElse()
    {
        string[] allowed =
        [
            "src", "tests", "profiles", "docker", "docs", "AtcFhir.sln", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
            "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt",
            "artifacts", "data", "TestResults", // made by running things; git ignores them
        ];

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).Where(name => name![0] != '.').Except(allowed));
    }

    [Fact]
    public void ProjectsReferInOneDirection()
    {
        foreach (var (project, allowed) in Direction)
        {
            var references = XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

            Assert.Equal(allowed.Order(), references.Order());
        }
    }

    [Fact]
    public void NamespacesAreFolders()
    {
        List<string> wrong = [];
        foreach (var file in Sources)
        {
            var expected = Path.GetRelativePath(Path.Combine(Root, "src"), Path.GetDirectoryName(file)!).Replace('/', '.').Replace('\\', '.');
            var declared = NamespaceLine().Match(File.ReadAllText(file));
            if (declared.Success && declared.Groups[1].Value != expected)
            {
                wrong.Add($"{Path.GetRelativePath(Root, file)} declares {declared.Groups[1].Value}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void FoldersAreNamedForWhatTheSystemDoes()
        => Assert.DoesNotContain(Directory.EnumerateDirectories(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories), folder => NoFolders.Contains(Path.GetFileName(folder)));

    [Fact]
    public void NoFileIsLongerThan400LinesWithoutAReason()
    {
        // File name -> the reason.
        Dictionary<string, string> reasons = [];

        Assert.DoesNotContain(Sources, file => File.ReadLines(file).Count() > 400 && !reasons.ContainsKey(Path.GetFileName(file)));
    }

    [Fact]
    public void EveryTestOfTheServerIsRunOnPostgresToo()
    {
        var classes = typeof(HouseTests).Assembly.GetTypes().Where(type => type.IsClass).ToList();
        var byFixture = classes.Where(type => typeof(IClassFixture<Server.ServerFixture>).IsAssignableFrom(type) && !type.Name.EndsWith("OnPostgres", StringComparison.Ordinal));

        Assert.DoesNotContain(byFixture, type => !classes.Exists(other => other.BaseType == type));
    }

    /// <summary>Tests that share <see cref="Server.ServerFixture"/> run under what that names.</summary>
    [Fact]
    public void EverySuiteThatStartsAServerNamesTheValidationThatItRunsUnder()
    {
        var starting = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.EndsWith("HouseTests.cs", StringComparison.Ordinal) && StartsAServer().IsMatch(File.ReadAllText(file))).ToList();

        Assert.True(starting.Count > 30, $"{starting.Count} were looked at.");
        Assert.DoesNotContain(starting, file => !NamesValidation().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void NothingIsLeftUnimplemented()
        => Assert.DoesNotContain(Sources, file => File.ReadAllText(file).Contains("NotImplemented" + "Exception", StringComparison.Ordinal));

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"new ServerApp\(|ServerApp\.OfPlainStudy\(|RunningServer\.(Start|Launch)")]
    private static partial Regex StartsAServer();

    [GeneratedRegex("Validation:(Types:[A-Za-z]+:)?OnWrite=(Enforce|Warn|Off)")]
    private static partial Regex NamesValidation();

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
