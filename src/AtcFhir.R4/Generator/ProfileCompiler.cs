using System.Buffers;
using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>
/// Cuts the official profiles and extensions down to what a validator reads: texts for people, mappings and the differential go, the snapshot
/// stays. The result is JSON; <see cref="Definitions.R4Profiles"/> hands it out.
/// </summary>
internal static class ProfileCompiler
{
    private static readonly HashSet<string> Resource = Names(
        "resourceType id url version name title status kind abstract context contextInvariant type baseDefinition derivation fhirVersion snapshot");

    private static readonly HashSet<string> TextsForPeople = Names(
        "extension definition comment requirements alias mapping short example meaningWhenMissing orderMeaning condition isModifierReason");

    private static readonly HashSet<string> Constraint = Names("key severity human expression source");

    private static readonly HashSet<string> Binding = Names("strength valueSet extension");

    public static byte[] Compile(DefinitionSource source) => Blocks.Join(source.Profiles.Select(profile => (profile.Required("url"), Cut(profile))));

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.Ordinal);

    private static byte[] Cut(JsonElement profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in profile.EnumerateObject().Where(property => Resource.Contains(property.Name)))
            {
                if (property.Name == "snapshot")
                {
                    WriteSnapshot(json, property.Value);
                }
                else
                {
                    property.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSnapshot(Utf8JsonWriter json, JsonElement snapshot)
    {
        json.WriteStartObject("snapshot");
        json.WriteStartArray("element");
        foreach (var element in snapshot.Items("element"))
        {
            json.WriteStartObject();
            foreach (var property in element.EnumerateObject().Where(property => !TextsForPeople.Contains(property.Name)))
            {
                WriteElementProperty(json, property);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteElementProperty(Utf8JsonWriter json, JsonProperty property)
    {
        switch (property.Name)
        {
            case "constraint":
                json.WriteStartArray("constraint");
                foreach (var constraint in property.Value.EnumerateArray())
                {
                    WriteOnly(json, constraint, Constraint);
                }

                json.WriteEndArray();
                break;
            case "binding":
                json.WritePropertyName("binding");
                WriteOnly(json, property.Value, Binding);
                break;
            default:
                property.WriteTo(json);
                break;
        }
    }

    private static void WriteOnly(Utf8JsonWriter json, JsonElement owner, HashSet<string> names)
    {
        json.WriteStartObject();
        foreach (var property in owner.EnumerateObject().Where(property => names.Contains(property.Name)))
        {
            property.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
