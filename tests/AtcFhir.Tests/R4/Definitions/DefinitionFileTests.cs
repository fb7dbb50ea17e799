using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.R4.Definitions;

public sealed class DefinitionFileTests
{
    [Fact]
    public void WhileItIsReadThereIsOneContent()
    {
        var file = new DefinitionFile("r4.core.br");

        var first = file.Read();
        var second = file.Read();

        Assert.True(first.Span.Overlaps(second.Span));
    }

    [Fact]
    public void ContentThatNobodyReadsGoesAndComesBackTheSame()
    {
        var file = new DefinitionFile("r4.core.br");
        var (content, hash) = Read(file);

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);

        Assert.False(content.IsAlive);
        Assert.Equal(hash, Read(file).Hash);
    }

    [Theory]
    [InlineData("r4.core.br", 2)]
    [InlineData("r4.terminology.br", 2)]
    public void PartsLieOneBehindTheOther(string name, int count)
    {
        var content = new DefinitionFile(name).Read().Span;

        var parts = DefinitionFile.Split(content);

        Assert.Equal(count, parts.Length);
        Assert.Equal(content.Length, parts[^1].End.Value);
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.InRange(pair.Second.Start.Value - pair.First.End.Value, 1, 5));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Content, int Hash) Read(DefinitionFile file)
    {
        Assert.True(MemoryMarshal.TryGetArray(file.Read(), out var array));
        var hash = default(HashCode);
        hash.AddBytes(array);
        return (new WeakReference(array.Array), hash.ToHashCode());
    }
}
