using System.Runtime.CompilerServices;
using AtcFhir.Cli.Inputs;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Remote;
using Microsoft.Extensions.DependencyInjection;

namespace AtcFhir.Cli.Validation;

/// <summary>Validation with a terminology server: some resources at a time, whose questions go out together. Answers are remembered as long as it lives.</summary>
internal sealed class RemoteCheck : IDisposable
{
    private const int Together = 64;

    private readonly ServiceProvider services;
    private readonly RemoteValidation validation;

    public RemoteCheck(Validator validator, TerminologyServerOptions server)
    {
        services = new ServiceCollection().AddTerminologyServer(server).BuildServiceProvider();
        validation = new RemoteValidation(validator, services.GetRequiredService<TerminologyServer>());
    }

    public void Dispose() => services.Dispose();

    public async IAsyncEnumerable<Validated> Run(IEnumerable<InputResource> inputs, ValidateRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var some in inputs.Chunk(Together))
        {
            var parsed = some.Select(input => (Input: input, Result: input.Parse())).ToList();
            var documents = parsed.Where(pair => pair.Result.Succeeded).Select(pair => pair.Result.Value).ToList();
            var results = new Queue<ValidationResult>(await validation.ValidateAsync(documents, request, cancel));
            foreach (var (input, result) in parsed)
            {
                yield return new Validated(input, result.Failure is { } failure ? failure.Issues : results.Dequeue().Issues);
            }

            documents.ForEach(static document => document.Dispose());
        }
    }
}
