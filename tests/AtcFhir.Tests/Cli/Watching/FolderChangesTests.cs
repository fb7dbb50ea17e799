using AtcFhir.Cli.Watching;

namespace AtcFhir.Tests.Cli.Watching;

public class FolderChangesTests
{
    [Fact]
    public async Task AFileThatIsWrittenIsTold()
    {
        var folder = Directory.CreateTempSubdirectory("atcfhir-changes-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "sub"));
            using var changes = new FolderChanges([folder.FullName]);
            var file = Path.Combine(folder.FullName, "sub", "a.json");
            await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            Assert.Equal(file, await changes.Reader.ReadAsync(patience.Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
