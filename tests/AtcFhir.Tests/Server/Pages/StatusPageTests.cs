using AtcFhir.Server.Pages;

namespace AtcFhir.Tests.Server.Pages;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class StatusPageTests
{
    [Fact]
    public async Task ShowsTheStudyTheConceptsAndLiveCounts()
    {
        await using var app = await new ServerApp().Ready();
        var before = (await app.Get("/")).Text;

        await app.Put("Basic/page-1", """{"resourceType":"Basic","id":"page-1","code":{"text":"x"}}""");
        var after = (await app.Get("/")).Text;

        Assert.Contains("ATC-Anakinra1", before, StringComparison.Ordinal);
        Assert.Contains("ECOG performance status", before, StringComparison.Ordinal);
        Assert.DoesNotContain(">Basic</a>", before, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/fhir/Basic\">Basic</a><span>1</span>", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadsNothingFromElsewhereAndRunsNoScript()
    {
        await using var app = await new ServerApp().Ready();

        var page = await app.Get("/");

        Assert.Contains("default-src 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=\"", page.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task EveryLinkLeadsSomewhere()
    {
        await using var app = await new ServerApp().Ready();
        var page = (await app.Get("/")).Text;
        var links = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|src)=\"([^\"]+)\"").Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)).Distinct().ToList();

        Assert.True(links.Count > 20);
        foreach (var link in links)
        {
            var reply = await app.Get(link);
            Assert.True(reply.Status == 200, $"{link}: {reply.Status} {reply.Text}");
        }
    }

    [Fact]
    public async Task ShowsNoCountsToWhoMayNotLook()
    {
        await using var app = new ServerApp("Access:Mode=Enforced");

        var page = await app.Get("/");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("Subjects", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsPutIntoAPageIsEncoded() => Assert.Equal("<p>&lt;b&gt; &amp; 1.5</p>", Html.Of($"<p>{"<b>"} {"&"} {1.5}</p>").Text);
}
