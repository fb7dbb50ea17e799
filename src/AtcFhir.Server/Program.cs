using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Server.Hosting;
using AtcFhir.Server.Intake;
using AtcFhir.Server.Pages;
using AtcFhir.Server.Sandbox;
using AtcFhir.Store;
using AtcFhir.Sync;
using Microsoft.Extensions.Options;

try
{
    // Settings lie beside the program; data/ lies below the folder that it was started in.
    // Slim: without IIS, HTTP/3 and hosting startups, which would only take memory.
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddHttp();        // limits, compression, headers
    builder.AddTelemetry();   // logs, /metrics
    builder.AddAccess();      // who asks, and what they may do
    builder.AddTrial();       // store, validator, study, the FHIR endpoint
    builder.Services.AddSync(builder.Configuration).AddSyncHost();  // the exchange with the hospital
    builder.AddSandbox();     // an invented hospital, unless a real one is configured

    var app = builder.Build();
    if (!await DatabaseWait.UntilOpen(app, args))
    {
        return 0;
    }

    var trial = app.Services.GetRequiredService<FhirEndpoint>();
    app.UseHttp();
    app.MapPages();                         // /
    app.MapHealth();                        // /healthz/live, /healthz/ready
    app.MapPrometheusScrapingEndpoint();    // /metrics
    SmartConfiguration.Map(app);            // /fhir/.well-known/smart-configuration
    FhirRoutes.Map(app, trial);             // /fhir
    FhirRoutes.Map(app, EhrRoutes.Endpoint(trial, app.Services.GetRequiredService<AtcFhir.Sync.Border.Intake>, app.Services.GetRequiredService<AtcFhir.Sync.Hospital.HospitalDirectory>())); // /ehr
    app.MapSandbox();                       // /sandbox/fhir
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
    {
        await Console.Error.WriteLineAsync("Configuration: " + failure);
    }

    return 2;
}
catch (UnusableStoreException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}
