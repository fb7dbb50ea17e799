using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>URIs that say what they hold. <see href="https://hl7.org/fhir/R4/datatypes.html#uri"/></summary>
internal static class UriCheck
{
    public static void Check(Run run, Node uri)
    {
        var raw = uri.RawValue;
        if (!raw.StartsWith("urn:"u8))
        {
            return;
        }

        if (raw.StartsWith("urn:uuid:"u8) && !IsUuid(raw[9..]))
        {
            run.Findings.Add(Rules.UriSyntax, uri, "A urn:uuid holds a UUID in lower case, such as urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7.");
        }
        else if (raw.StartsWith("urn:oid:"u8) && !IsOid(raw[8..]))
        {
            run.Findings.Add(Rules.UriSyntax, uri, "A urn:oid holds an OID, such as urn:oid:2.16.840.1.113883.");
        }
    }

    public static void CheckIdentifier(Run run, Node identifier)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (identifier.Child("system") is { HasValue: true } system && !ReferenceIndex.IsAbsolute(system.Chars(buffer)))
        {
            run.Findings.Add(Rules.IdentifierUri, system, "The system of an Identifier is an absolute URI: it names the identifiers everywhere, not in one place.");
            return;
        }

        // An example in a definition is no identifier of anything; an official one breaks this rule.
        if (!identifier.Child("system").TextEquals("urn:ietf:rfc:3986"u8) || identifier.Parent.Type.Name == "ElementDefinition.example" || identifier.Child("value") is not { HasValue: true } uri)
        {
            return;
        }

        if (ReferenceIndex.IsAbsolute(uri.Chars(buffer)))
        {
            Check(run, uri);
        }
        else
        {
            run.Findings.Add(Rules.IdentifierUri, identifier, "The system urn:ietf:rfc:3986 says that the value is a URI; it has no scheme.");
        }
    }

    /// <summary>What follows (a fragment or version) is not part of it.</summary>
    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'#', (byte)'|');
        text = end < 0 ? text : text[..end];
        if (text.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var isHyphen = i is 8 or 13 or 18 or 23;
            if (isHyphen ? text[i] != (byte)'-' : text[i] is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f')))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOid(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'#', (byte)'|');
        text = end < 0 ? text : text[..end];
        if (text.IsEmpty || text[0] is < (byte)'0' or > (byte)'2')
        {
            return false;
        }

        var digits = 0;
        var startsWithZero = false;
        foreach (var b in text)
        {
            if (b == (byte)'.')
            {
                if (digits == 0)
                {
                    return false;
                }

                digits = 0;
            }
            else if (b is < (byte)'0' or > (byte)'9' || (startsWithZero && digits > 0))
            {
                // A number of an OID has no leading zeros.
                return false;
            }
            else
            {
                startsWithZero = digits == 0 && b == (byte)'0';
                digits++;
            }
        }

        return digits > 0;
    }
}
