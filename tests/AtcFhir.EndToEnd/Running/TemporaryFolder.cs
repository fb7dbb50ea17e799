namespace AtcFhir.EndToEnd.Running;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("atcfhir-e2e-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
