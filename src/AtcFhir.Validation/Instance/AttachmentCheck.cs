using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>The size of an Attachment is the number of bytes of its data. <see href="https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.size"/></summary>
internal static class AttachmentCheck
{
    public static void Check(Run run, Node attachment)
    {
        var size = attachment.Child("size");
        if (attachment.Child("data") is { HasValue: true } data && Stated(size) is { } stated && Decoded(data.RawValue) is var actual && actual != stated)
        {
            run.Findings.Add(Rules.AttachmentSize, attachment, $"size says {stated} bytes, but data has {actual}.", position: size);
        }
    }

    /// <summary>The bytes of the data, or what size says of data that are elsewhere; null when neither is there.</summary>
    public static long? Size(Node attachment)
        => attachment.Child("data") is { HasValue: true } data ? Decoded(data.RawValue) : Stated(attachment.Child("size"));

    private static long? Stated(Node size) => long.TryParse(size.RawValue, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) ? stated : null;

    private static long Decoded(ReadOnlySpan<byte> base64)
    {
        var characters = 0L;
        foreach (var b in base64)
        {
            characters += b is > (byte)' ' and not (byte)'=' and not (byte)'\\' ? 1 : 0;
        }

        return characters * 3 / 4;
    }
}
