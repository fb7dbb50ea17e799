using System.Text.Json;
using AtcFhir.Server.Fhir;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.AccessControl;

/// <summary>
/// What a SMART client has to know to get a token. This server only checks tokens: where they come from is said by the issuer's own metadata.
/// <see href="https://hl7.org/fhir/smart-app-launch/conformance.html"/>
/// </summary>
internal static class SmartConfiguration
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/fhir/.well-known/smart-configuration", Handle);

    private static async Task Handle(HttpContext http, IOptions<AccessSection> access)
    {
        var issuer = access.Value.Mode == AccessMode.Enforced ? access.Value.Smart.Issuer : null;
        var metadata = issuer is null ? null : await TokenSchemes.SmartMetadata(http);
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(Json.Write(writer => Write(writer, issuer, metadata)), http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, string? issuer, IssuerMetadata? metadata)
    {
        writer.WriteStartObject();
        Text(writer, "issuer", issuer);
        Text(writer, "jwks_uri", metadata?.KeysUrl);
        Text(writer, "authorization_endpoint", metadata?.AuthorizationEndpoint);
        Text(writer, "token_endpoint", metadata?.TokenEndpoint);
        Texts(writer, "grant_types_supported", "client_credentials");
        Texts(writer, "token_endpoint_auth_methods_supported", "private_key_jwt");
        Texts(writer, "token_endpoint_auth_signing_alg_values_supported", "RS384", "ES384");
        Texts(writer, "scopes_supported", "system/*.cruds", "system/*.rs", "user/*.cruds", "user/*.rs");
        Texts(writer, "code_challenge_methods_supported", "S256");
        Texts(writer, "capabilities", issuer is null ? [] : ["client-confidential-asymmetric", "permission-v2"]);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    private static void Texts(Utf8JsonWriter writer, string name, params ReadOnlySpan<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
