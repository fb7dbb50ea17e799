using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Server.Pages;

/// <summary>The page at <c>/</c>: what is running, with live counts. A pure function of its model; works without script.</summary>
internal static class StatusPage
{
    public static Html Render(StatusModel model) => Layout(model.Study.Acronym ?? model.Study.Title, Html.Of($"""
        <header class="top">
          <div>
            <p class="eyebrow">AtcFhir {model.Version}</p>
            <h1>{model.Study.Acronym ?? "Trial"}</h1>
            <p class="lead">{model.Study.Title}</p>
          </div>
          <ul class="badges">
            <li class="badge {(model.Pending is null ? "good" : "wait")}">{model.Pending ?? "Ready"}</li>
            <li class="badge">{(model.IsOpen ? "Open to this machine" : "Access by token")}</li>
            <li class="badge">Up {Words.Span(model.Now - model.Started)}</li>
          </ul>
        </header>
        {Flow(model)}
        <section class="tiles" aria-label="Counts">
          {Tile("Subjects", model.Subjects, "enrolled and active", "/fhir/ResearchSubject")}
          {Tile("Records", model.Records, "values of trial concepts", "/fhir/Observation?_sort=-date")}
          {Tile("Resources", model.Total, $"of {model.Resources.Count.ToString(CultureInfo.InvariantCulture)} types", "/fhir?_summary=count")}
          {Tile("Quarantine", model.Quarantined, model.Quarantined == 0 ? "nothing waits for a person" : "wait for a person", "/fhir/Task?status=requested", model.Quarantined > 0)}
        </section>
        <div class="columns">
          <section>
            <h2>Concepts</h2>
            {Concepts(model)}
          </section>
          <section>
            <h2>Hospitals</h2>
            {model.Hospitals.Select(hospital => Hospital(hospital, model.Now))}
            <h2>Stored resources</h2>
            {Resources(model)}
          </section>
        </div>
        {Links(model)}
        <footer>Read {Words.Time(model.Now)}; counts are taken anew each time the page is loaded. It shows no patient data.</footer>
        """));

    /// <summary>What stands there for somebody who may not see the counts.</summary>
    public static Html RenderLocked(string version) => Layout("AtcFhir", Html.Of($"""
        <header class="top"><div>
          <p class="eyebrow">AtcFhir {version}</p>
          <h1>FHIR R4 facade of a clinical trial</h1>
          <p class="lead">The counts of this page need access. The API is at <a href="/fhir/metadata">/fhir</a>; how to get a token says <a href="/fhir/.well-known/smart-configuration">its SMART configuration</a>.</p>
        </div></header>
        """));

    private static Html Flow(StatusModel model)
    {
        var linked = model.Hospitals.Sum(hospital => hospital.Links);
        var delivered = model.Hospitals.Sum(hospital => hospital.Delivered);
        var pending = model.Hospitals.Sum(hospital => hospital.Pending);
        return Html.Of($"""
            <section class="flow" aria-label="The exchange">
              <div class="node"><strong>Hospital EHR</strong><span>{Words.Count(model.Hospitals.Count, "hospital")}</span></div>
              <div class="wire"><span class="right">{Words.Number(linked)} taken in</span><span class="left">{Words.Number(delivered)} delivered{(pending > 0 ? $", {pending.ToString(CultureInfo.InvariantCulture)} on their way" : "")}</span></div>
              <div class="node border"><strong>Border</strong><span>link, consent, pseudonymise, map, validate</span></div>
              <div class="wire"><span class="right">{Words.Count(model.Records, "record")}</span><span class="left">trial's own</span></div>
              <div class="node"><strong>Trial</strong><span>FHIR R4 at <a href="/fhir/metadata">/fhir</a></span></div>
            </section>
            """);
    }

    private static Html Tile(string name, long count, string what, string link, bool warn = false)
        => Html.Of($"""<a class="tile{(warn ? " warn" : "")}" href="{link}"><span class="name">{name}</span><span class="count">{Words.Number(count)}</span><span class="what">{what}</span></a>""");

    private static Html Concepts(StatusModel model)
    {
        var most = Math.Max(1, model.Concepts.Max(concept => concept.Records));
        return Html.Of($"""
            <div class="scroll"><table>
              <thead><tr><th>Concept</th><th>Kept by</th><th class="number">Records</th></tr></thead>
              <tbody>{model.Concepts.Select(concept => Concept(concept, most))}</tbody>
            </table></div>
            """);
    }

    private static Html Concept(ConceptCount row, long most) => Html.Of($"""
        <tr>
          <td><a href="/fhir/StructureDefinition/{row.Concept.Id}">{row.Concept.Title}</a><small>{row.Concept.ResourceType}</small></td>
          <td>{(row.Concept.Owner == ConceptOwner.Trial ? "trial" : "hospital")}</td>
          <td class="number">{Words.Number(row.Records)}<meter min="0" max="{most}" value="{row.Records}" aria-hidden="true"></meter></td>
        </tr>
        """);

    private static Html Hospital(SyncStatus hospital, DateTimeOffset now) => Html.Of($"""
        <article class="hospital">
          <h3>{hospital.Hospital} <span class="badge {(hospital.LastFault is not null ? "bad" : hospital.LastPass is null ? "wait" : "good")}">{hospital.State}</span></h3>
          <dl>
            <div><dt>Last pass</dt><dd>{(hospital.LastPass is { } pass ? $"{Words.Span(now - pass)} ago" : "none yet")}</dd></div>
            <div><dt>Enrolled</dt><dd>{Words.Number(hospital.Enrolled)}</dd></div>
            <div><dt>Streams</dt><dd>{Words.Number(hospital.Streams)}</dd></div>
            <div><dt>Taken in</dt><dd>{Words.Number(hospital.Links)}</dd></div>
            <div><dt>Delivered</dt><dd>{Words.Number(hospital.Delivered)}</dd></div>
            <div><dt>On the way</dt><dd>{Words.Number(hospital.Pending)}</dd></div>
            <div><dt>Quarantine</dt><dd>{Words.Number(hospital.Quarantined)}</dd></div>
            <div><dt>Conflicts</dt><dd>{Words.Number(hospital.Conflicts)}</dd></div>
            <div><dt>Codes passed over</dt><dd>{Words.Number(hospital.Skipped.Count)}</dd></div>
          </dl>
          {(hospital.LastFault is { } fault ? Html.Of($"""<p class="fault">{fault}</p>""") : default)}
        </article>
        """);

    private static Html Resources(StatusModel model) => model.Resources.Count == 0
        ? Html.Of($"<p>Nothing is stored yet.</p>")
        : Html.Of($"""<ul class="types">{model.Resources.OrderByDescending(type => type.Value).Select(type => Html.Of($"""<li><a href="/fhir/{type.Key}">{type.Key}</a><span>{Words.Number(type.Value)}</span></li>"""))}</ul>""");

    private static Html Links(StatusModel model) => Html.Of($"""
        <nav class="links" aria-label="Where to look next">
          <h2>Where to look next</h2>
          <ul>
            <li><a href="/fhir/ResearchStudy/{model.Study.StudyId}">The study</a><small>ResearchStudy/{model.Study.StudyId}</small></li>
            <li><a href="/fhir/ResearchSubject?_include=ResearchSubject:individual">The subjects</a><small>ResearchSubject with their pseudonymous Patient</small></li>
            <li><a href="/fhir/Observation?code=http://loinc.org|89247-1&amp;_sort=-date">ECOG performance status</a><small>Observation, newest first</small></li>
            <li><a href="/fhir/metadata">What is served</a><small>CapabilityStatement</small></li>
            <li><a href="/docs/api">How to use the API</a><small>interactions, headers, errors, settings</small></li>
            <li><a href="/metrics">Metrics</a><small>Prometheus</small></li>
            <li><a href="/healthz/ready">Health</a><small>live and ready</small></li>
          </ul>
        </nav>
        """);

    private static Html Layout(string title, Html body) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{title}</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/page.css">
        </head>
        <body><main>
        {body}
        </main></body>
        </html>
        """);
}
