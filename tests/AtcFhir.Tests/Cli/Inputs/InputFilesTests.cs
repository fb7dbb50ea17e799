using System.Text;
using AtcFhir.Cli.Inputs;
using AtcFhir.Tests.Server;

namespace AtcFhir.Tests.Cli.Inputs;

/// <summary>What stands on the command line, as files and resources.</summary>
public sealed class InputFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-inputs-");

    public InputFilesTests()
    {
        foreach (var file in (string[])["a.json", "b.xml", "c.txt", "sub/d.json", "sub/deep/e.json", "sub/f.ndjson", "package.json"])
        {
            var path = Path.Combine(folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "{\"resourceType\":\"Patient\"}\n\n{\"resourceType\":\"Group\"}\n");
        }
    }

    [Theory]
    [InlineData("", "a.json b.xml sub/d.json sub/deep/e.json sub/f.ndjson")]
    [InlineData("a.json", "a.json")]
    [InlineData("*.json", "a.json")]
    [InlineData("**/*.json", "a.json sub/d.json sub/deep/e.json")]
    [InlineData("s*/*.json", "sub/d.json")]
    [InlineData("sub/**", "sub/d.json sub/deep/e.json sub/f.ndjson")]
    [InlineData("**/deep/?.json", "sub/deep/e.json")]
    [InlineData("none/*.json", "")]
    public void FilesFoldersAndGlobs(string argument, string expected)
    {
        var (files, missing) = InputFiles.Find([Path.Combine(folder.FullName, argument)]);
        Assert.Equal(expected.Length == 0, missing is not null);
        Assert.Equal(expected, string.Join(' ', files.Select(file => Path.GetRelativePath(folder.FullName, file).Replace('\\', '/'))));
    }

    [Fact]
    public void LinesOfNdjsonHaveNumbers()
    {
        var file = Path.Combine(folder.FullName, "sub", "f.ndjson");
        Assert.Equal([file + ":1", file + ":3"], InputFiles.Read(file).Select(input => input.Name));
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Group\"}\n", 2)]
    [InlineData("{\"resourceType\":\"Patient\"}\n", 1)]
    [InlineData("{\n\"resourceType\":\"Patient\"\n}\n", 1)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/>\n<x/>", 1)]
    public void StandardInputIsOneResourceOrNdjson(string text, int resources) => Assert.Equal(resources, InputFiles.Split("-", Encoding.UTF8.GetBytes(text)).Count());

    public void Dispose() => folder.Delete(recursive: true);
}
