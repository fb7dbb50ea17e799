namespace AtcFhir.Server.Subscriptions;

/// <summary>What serves Subscriptions.</summary>
internal static class SubscriptionServices
{
    public static void AddSubscriptions(this IServiceCollection services)
    {
        services.AddOptions<SubscriptionSection>().BindConfiguration("Subscriptions").ValidateOnStart()
            .Validate(section => section.Interval > TimeSpan.Zero && section.Timeout > TimeSpan.Zero && section.FirstPause > TimeSpan.Zero && section.MostFailures > 0,
                "Subscriptions: Interval, Timeout, FirstPause and MostFailures have to be positive.");
        // A receiver that answers with another place could lead the resource there.
        services.AddHttpClient(HookDelivery.ClientName).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddSingleton<HookDelivery>();
        services.AddHostedService<SubscriptionWorker>();
    }
}
