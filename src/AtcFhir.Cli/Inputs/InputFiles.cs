using System.IO.Enumeration;

namespace AtcFhir.Cli.Inputs;

/// <summary>Turns what stands on the command line (files, folders, globs, "-") into resources, in a stable order, read one at a time.</summary>
internal static class InputFiles
{
    private static readonly string[] Extensions = [".json", ".xml", ".ndjson"];

    /// <summary>The files that the arguments name, or the first argument that names none.</summary>
    public static (IReadOnlyList<string> Files, string? Missing) Find(IEnumerable<string> arguments)
    {
        List<string> files = [];
        foreach (var argument in arguments)
        {
            var found = argument == "-" ? ["-"] : FilesOf(argument);
            if (found.Length == 0)
            {
                return ([], argument);
            }

            files.AddRange(found);
        }

        return ([.. files.Distinct()], null);
    }

    public static IEnumerable<InputResource> Read(string file)
    {
        if (file == "-")
        {
            using var memory = new MemoryStream();
            using var input = Console.OpenStandardInput();
            input.CopyTo(memory);
            return [new InputResource("-", memory.ToArray())];
        }

        return file.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase)
            ? ReadLines(file)
            : [new InputResource(file, System.IO.File.ReadAllBytes(file))];
    }

    private static IEnumerable<InputResource> ReadLines(string file)
    {
        var number = 0;
        foreach (var line in System.IO.File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new InputResource(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}"), System.Text.Encoding.UTF8.GetBytes(line));
            }
        }
    }

    private static string[] FilesOf(string argument)
    {
        if (System.IO.File.Exists(argument))
        {
            return [argument];
        }

        if (Directory.Exists(argument))
        {
            return Sorted(Directory.EnumerateFiles(argument, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && !IsPackageFile(file)));
        }

        // A glob that the shell left alone: the last part may have wildcards, "**" in the folder means all below.
        var folder = Path.GetDirectoryName(argument) is { Length: > 0 } given ? given : ".";
        var isDeep = folder.EndsWith("**", StringComparison.Ordinal);
        folder = isDeep ? folder[..^2].TrimEnd('/', '\\') : folder;
        folder = folder.Length == 0 ? "." : folder;
        var pattern = Path.GetFileName(argument);
        return Directory.Exists(folder)
            ? Sorted(Directory.EnumerateFiles(folder, "*", isDeep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
                .Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false)))
            : [];
    }

    /// <summary>The files of a FHIR package that are no resources.</summary>
    private static bool IsPackageFile(string file) => Path.GetFileName(file) is "package.json" or ".index.json";

    private static string[] Sorted(IEnumerable<string> files) => [.. files.Order(StringComparer.Ordinal)];
}
