using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Sandbox;

/// <summary>How the sandbox hospital behaves, by the name that <c>Sandbox:Persona</c> gives.</summary>
/// <param name="Http">What it serves and what it does not.</param>
/// <param name="IdOf">The id that it shows for a resource of the generator.</param>
internal sealed record SandboxPersona(string Name, Persona Http, Func<string, string> IdOf)
{
    public const int LongIdLength = 88;

    public static SandboxPersona Plain { get; } = new("plain", Persona.Plain, static id => id);

    /// <summary>
    /// Research resources can only be read, ids have 88 characters, resources show neither versions nor times, a create is never conditional and
    /// answers with an empty body.
    /// </summary>
    public static SandboxPersona EpicLike(Func<string> newId) => new("epic-like", new Persona
    {
        ReadOnlyTypes = new HashSet<string>(StringComparer.Ordinal)
        {
            "ResearchStudy", "ResearchSubject", "AdverseEvent", "Consent", "Patient", "Group", "Organization", "Location", "Basic",
        },
        HasVersions = false,
        HasLastUpdated = false,
        HasConditionalCreate = false,
        AnswersWithBody = false,
        MaxIdLength = LongIdLength,
        NewId = () => LongId(newId()),
        MissingParameters = new HashSet<string>(StringComparer.Ordinal) { "_lastUpdated" },
        MissingInteractions = new HashSet<string>(StringComparer.Ordinal) { "vread", "history-instance", "history-type", "history-system", "transaction", "patch" },
    }, LongId);

    public static SandboxPersona? Find(string name, Func<string> newId) => name switch
    {
        "plain" => Plain,
        "epic-like" => EpicLike(newId),
        _ => null,
    };

    /// <summary>A resource of the generator as this hospital shows it: its id, and the ids in its references, in the persona's form.</summary>
    public byte[] Rename(byte[] resource)
    {
        if (ReferenceEquals(this, Plain))
        {
            return resource;
        }

        var root = JsonNode.Parse(resource)!;
        root["id"] = IdOf(root["id"]!.GetValue<string>());
        RenameReferences(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>The same for the same id, 88 letters and digits, begins with an e.</summary>
    public static string LongId(string id)
    {
        var digest = Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(id)));
        return "e" + digest[..(LongIdLength - 1)];
    }

    private void RenameReferences(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    RenameReferences(item);
                }

                break;
            case JsonObject element:
                if (element["reference"]?.GetValueKind() == System.Text.Json.JsonValueKind.String && element["reference"]!.GetValue<string>().Split('/') is [var type, var id] && type.Length > 0 && char.IsAsciiLetterUpper(type[0]))
                {
                    element["reference"] = type + "/" + IdOf(id);
                }

                foreach (var (_, child) in element.ToList())
                {
                    RenameReferences(child);
                }

                break;
        }
    }
}
