using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>Writes an expansion as a ValueSet resource. <see href="https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.expansion"/></summary>
internal static class ExpansionJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    public static ReadOnlyMemory<byte> Write(Expansion expansion, ExpandRequest request, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, expansion, request, now);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, Expansion expansion, ExpandRequest request, DateTimeOffset now)
    {
        var model = expansion.Set.Model;
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "ValueSet"u8);
        Text(writer, "url", model.Url);
        Text(writer, "version", model.Version);
        Text(writer, "title", model.Name);
        writer.WriteString("status"u8, model.Status);
        if (request.IncludeDefinition && model.Includes.Count > 0)
        {
            WriteCompose(writer, model);
        }

        var parameters = Parameters(request, expansion.UsedVersions).ToList();
        writer.WriteStartObject("expansion"u8);
        writer.WriteString("identifier"u8, Identifier(model, parameters));
        writer.WriteString("timestamp"u8, now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteNumber("total"u8, expansion.Total);
        if (request.Offset is not null || request.Count is not null)
        {
            writer.WriteNumber("offset"u8, request.Offset ?? 0);
        }

        WriteParameters(writer, parameters);
        WriteCodes(writer, expansion.Shown, request);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCodes(Utf8JsonWriter writer, IReadOnlyList<ExpandedCode> codes, ExpandRequest request)
    {
        if (codes.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("contains"u8);
        foreach (var code in codes)
        {
            writer.WriteStartObject();
            Text(writer, "system", code.System);
            if (code.IsAbstract)
            {
                writer.WriteBoolean("abstract"u8, true);
            }

            if (code.IsInactive)
            {
                writer.WriteBoolean("inactive"u8, true);
            }

            Text(writer, "version", code.Version);
            writer.WriteString("code"u8, code.Code);
            Text(writer, "display", code.Display);
            if (request.IncludeDesignations || request.Designations.Count > 0)
            {
                WriteDesignations(writer, [.. code.Designations.Where(word => request.Designations.Count == 0 || request.Designations.Any(token => Words.IsAskedFor(word, token)))]);
            }

            WriteCodes(writer, code.Children, request);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteDesignations(Utf8JsonWriter writer, List<Designation> words)
    {
        if (words.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("designation"u8);
        foreach (var word in words)
        {
            writer.WriteStartObject();
            Text(writer, "language", word.Language);
            if (word.Use is { } use)
            {
                writer.WriteStartObject("use"u8);
                Text(writer, "system", use.System);
                Text(writer, "code", use.Code);
                Text(writer, "display", use.Display);
                writer.WriteEndObject();
            }

            writer.WriteString("value"u8, word.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCompose(Utf8JsonWriter writer, ValueSetModel model)
    {
        writer.WriteStartObject("compose"u8);
        if (model.TakesInactive is { } inactive)
        {
            writer.WriteBoolean("inactive"u8, inactive);
        }

        WriteComponents(writer, "include", model.Includes);
        WriteComponents(writer, "exclude", model.Excludes);
        writer.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter writer, string name, IReadOnlyList<ComposeModel> components)
    {
        WriteArray(writer, name, components, component =>
        {
            writer.WriteStartObject();
            Text(writer, "system", component.System);
            Text(writer, "version", component.Version);
            WriteArray(writer, "concept", component.Codes ?? [], listed =>
            {
                writer.WriteStartObject();
                writer.WriteString("code"u8, listed.Code);
                Text(writer, "display", listed.Display);
                WriteDesignations(writer, [.. listed.Designations]);
                writer.WriteEndObject();
            });
            WriteArray(writer, "filter", component.Filters, filter =>
            {
                writer.WriteStartObject();
                writer.WriteString("property"u8, filter.Property);
                writer.WriteString("op"u8, filter.Operation);
                writer.WriteString("value"u8, filter.Value);
                writer.WriteEndObject();
            });
            WriteArray(writer, "valueSet", component.ValueSets, writer.WriteStringValue);
            writer.WriteEndObject();
        });
    }

    /// <summary>Name, type and value of what was asked, and of what was used to answer.</summary>
    private static IEnumerable<(string Name, string Type, string Value)> Parameters(ExpandRequest request, IReadOnlyList<string> usedVersions)
    {
        if (request.Filter is { } filter)
        {
            yield return ("filter", "valueString", filter);
        }

        if (request.DisplayLanguage is { } language)
        {
            yield return ("displayLanguage", "valueCode", language);
        }

        if (request.Offset is { } offset)
        {
            yield return ("offset", "valueInteger", offset.ToString(CultureInfo.InvariantCulture));
        }

        if (request.Count is { } count)
        {
            yield return ("count", "valueInteger", count.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (name, isSet) in new[]
        {
            ("includeDesignations", request.IncludeDesignations), ("includeDefinition", request.IncludeDefinition), ("activeOnly", request.ActiveOnly),
            ("excludeNested", request.ExcludeNested), ("excludeNotForUI", request.ExcludeNotForUI), ("excludePostCoordinated", request.ExcludePostCoordinated),
        })
        {
            if (isSet)
            {
                yield return (name, "valueBoolean", "true");
            }
        }

        foreach (var (name, type, values) in new[]
        {
            ("designation", "valueString", request.Designations), ("exclude-system", "valueUri", request.ExcludeSystems), ("system-version", "valueUri", request.SystemVersions),
            ("check-system-version", "valueUri", request.CheckSystemVersions), ("force-system-version", "valueUri", request.ForceSystemVersions), ("version", "valueUri", usedVersions),
        })
        {
            foreach (var value in values)
            {
                yield return (name, type, value);
            }
        }
    }

    private static void WriteParameters(Utf8JsonWriter writer, List<(string Name, string Type, string Value)> parameters) => WriteArray(writer, "parameter", parameters, parameter =>
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, parameter.Name);
        if (parameter.Type is "valueBoolean" or "valueInteger")
        {
            writer.WritePropertyName(parameter.Type);
            writer.WriteRawValue(parameter.Value);
        }
        else
        {
            writer.WriteString(parameter.Type, parameter.Value);
        }

        writer.WriteEndObject();
    });

    /// <summary>The same question about the same definitions has the same identifier.</summary>
    private static string Identifier(ValueSetModel model, List<(string Name, string Type, string Value)> parameters)
    {
        var asked = string.Join('\n', parameters.Select(parameter => $"{parameter.Name}={parameter.Value}").Prepend($"{model.Url}|{model.Version}"));
        return "urn:uuid:" + new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(asked)).AsSpan(0, 16));
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
