using System.Formats.Tar;
using System.IO.Compression;

namespace AtcFhir.Trial.Study;

/// <summary>
/// The embedded study package as an npm-style archive: every file under <c>package/</c>, examples included, sorted, without times or owners,
/// so that equal content gives equal bytes. <see href="https://hl7.org/fhir/packages.html"/>
/// </summary>
public static class PackageArchive
{
    public static void WriteEmbedded(Stream output)
    {
        var assembly = typeof(PackageArchive).Assembly;
        using var gzip = new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var content = assembly.GetManifestResourceStream(name)!;
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            });
        }
    }
}
