using System.Text.Json.Nodes;

namespace AtcFhir.Server.Fhir;

/// <summary>Takes out of an answer what a sandbox persona does not show: versions, times, the body of a create. The trial's endpoint shows everything.</summary>
internal static class PersonaMask
{
    public static FhirResponse Hide(this Persona persona, FhirResponse answer)
    {
        if (ReferenceEquals(persona, Persona.Plain))
        {
            return answer;
        }

        if (!persona.HasVersions)
        {
            var history = answer.Location?.IndexOf("/_history/", StringComparison.Ordinal) ?? -1;
            answer = answer with { VersionId = null, Location = history < 0 ? answer.Location : answer.Location![..history] };
        }

        if (!persona.HasLastUpdated)
        {
            answer = answer with { LastModified = null };
        }

        return answer with { Body = !persona.AnswersWithBody && answer.Status == StatusCodes.Status201Created ? default : HideMeta(persona, answer.Body) };
    }

    private static ReadOnlyMemory<byte> HideMeta(Persona persona, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty || (persona.HasVersions && persona.HasLastUpdated) || JsonNode.Parse(body.Span) is not JsonObject root)
        {
            return body;
        }

        HideMeta(persona, root);
        foreach (var entry in (root["entry"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (entry["resource"] is JsonObject resource)
            {
                HideMeta(persona, resource);
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString(RelaxedJson.Options));
    }

    private static void HideMeta(Persona persona, JsonObject resource)
    {
        if (resource["meta"] is not JsonObject meta)
        {
            return;
        }

        if (!persona.HasVersions)
        {
            meta.Remove("versionId");
        }

        if (!persona.HasLastUpdated)
        {
            meta.Remove("lastUpdated");
        }

        if (meta.Count == 0)
        {
            resource.Remove("meta");
        }
    }
}
