using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AtcFhir.Sync.Hospital;

/// <summary>Adds to a request what proves who we are.</summary>
internal interface IHospitalAuth
{
    ValueTask AuthoriseAsync(HttpRequestMessage request, CancellationToken cancel);
}

/// <summary>No proof, a given token, or user name and password.</summary>
internal sealed class FixedAuth(AuthenticationHeaderValue? header) : IHospitalAuth
{
    public static FixedAuth None { get; } = new(null);

    public ValueTask AuthoriseAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.Authorization = header;
        return ValueTask.CompletedTask;
    }
}

/// <summary>OAuth 2 client credentials: a token is fetched when the last one runs out within half a minute.</summary>
internal sealed class ClientCredentialsAuth(HttpClient http, HospitalAuthOptions options, TimeProvider time) : IHospitalAuth, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private string? token;
    private DateTimeOffset until;

    public async ValueTask AuthoriseAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (token is null || time.GetUtcNow() >= until)
            {
                await FetchAsync(cancel).ConfigureAwait(false);
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task FetchAsync(CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            .. options.Scope is { } scope ? new KeyValuePair<string, string>[] { new("scope", scope) } : []]);
        using var ask = new HttpRequestMessage(HttpMethod.Post, options.TokenEndpoint) { Content = form };
        ask.Headers.Authorization = HospitalAuth.Basic(options);
        using var answer = await http.SendAsync(ask, cancel).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(HttpRequestError.UserAuthenticationError, "The token endpoint answered " + (int)answer.StatusCode);
        }

        var json = await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(json);
            token = document.RootElement.GetProperty("access_token").GetString();
            var seconds = document.RootElement.TryGetProperty("expires_in", out var expires) && expires.TryGetInt32(out var given) ? given : 300;
            until = time.GetUtcNow().AddSeconds(seconds - 30);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HttpRequestException(HttpRequestError.UserAuthenticationError, "The token endpoint gave no token");
        }
    }
}

internal static class HospitalAuth
{
    public static IHospitalAuth For(HospitalAuthOptions options, Func<HttpClient> tokenClient, TimeProvider time) => options.Mode switch
    {
        HospitalAuthMode.None => FixedAuth.None,
        HospitalAuthMode.Bearer => new FixedAuth(new AuthenticationHeaderValue("Bearer", options.Token)),
        HospitalAuthMode.Basic => new FixedAuth(Basic(options)),
        _ => new ClientCredentialsAuth(tokenClient(), options, time),
    };

    public static AuthenticationHeaderValue Basic(HospitalAuthOptions options)
        => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(options.ClientId + ":" + options.ClientSecret)));
}
