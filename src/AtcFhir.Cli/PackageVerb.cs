using System.CommandLine;
using AtcFhir.Trial.Study;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir package [--out DIR]</c>: the trial's profiles and instances as a FHIR package, the same bytes each time.</summary>
internal static class PackageVerb
{
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write to.", DefaultValueFactory = _ => new DirectoryInfo(".") };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("package", "Write the FHIR package (.tgz) of the trial's profiles.") { Out };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var folder = arguments.GetValue(Out)!;
        folder.Create();
        var package = StudyPackage.Embedded.Package;
        var path = Path.Combine(folder.FullName, $"{package.Name}-{package.Version}.tgz");
        using (var file = System.IO.File.Create(path))
        {
            PackageArchive.WriteEmbedded(file);
        }

        Console.WriteLine(path);
        return ExitCode.Done;
    }
}
