// Compiles the official R4 definitions to src/AtcFhir.R4/Definitions/*.br, which are committed.
//
//   tests/get-test-data.sh                                                     (unpacks npm hl7.fhir.r4.examples 4.0.1)
//   dotnet run --project src/AtcFhir.R4/Generator -- artifacts/r4-examples/package src/AtcFhir.R4/Definitions
//
// The same input gives the same content; a test regenerates and compares.
using System.IO.Compression;
using AtcFhir.R4.Generator;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: generator <folder of the unpacked package hl7.fhir.r4.examples> <folder for the .br files>");
    return 2;
}

var source = DefinitionSource.FromExamplesPackage(args[0]);
foreach (var (name, content) in DefinitionFiles.Of(source))
{
    var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
    if (!BrotliEncoder.TryCompress(content, compressed, out var length, quality: 11, window: 24))
    {
        throw new InvalidOperationException("The compressed form did not fit.");
    }

    await File.WriteAllBytesAsync(Path.Combine(args[1], name), compressed[..length]);
    Console.WriteLine($"{name}: {content.Length} bytes, {length} compressed");
}

return 0;
