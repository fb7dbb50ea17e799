using System.CommandLine;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir package [--out DIR]</c>: the trial's profiles and instances as a FHIR package, the same bytes each time; not when a profile has errors.</summary>
internal static class PackageVerb
{
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write to.", DefaultValueFactory = _ => new DirectoryInfo(".") };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("package", "Lint the trial's profiles and write them as a FHIR package (.tgz).") { Out };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var folder = arguments.GetValue(Out)!;
        folder.Create();
        var package = StudyPackage.Embedded.Package;
        var validator = new Validator(ConformanceSource.Official.With(package));
        var faults = package.Resources.Where(resource => resource is { ResourceType: "StructureDefinition", Url: not null })
            .SelectMany(resource => validator.Lint(resource.Url!).Select(issue => (resource.File, Issue: issue))).ToList();
        foreach (var (file, issue) in faults)
        {
            Console.Error.WriteLine($"{file}: {issue.Rule} {issue.Text}");
        }

        if (faults.Exists(fault => fault.Issue.IsError))
        {
            return ExitCode.Invalid;
        }

        var path = Path.Combine(folder.FullName, $"{package.Name}-{package.Version}.tgz");
        using (var file = System.IO.File.Create(path))
        {
            PackageArchive.WriteEmbedded(file);
        }

        Console.WriteLine(path);
        return ExitCode.Done;
    }
}
