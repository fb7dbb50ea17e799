using System.CommandLine;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Trial.Register;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir study import RECORD</c> and <c>atcfhir study enroll --patient … --consent …</c>.</summary>
internal static class StudyVerbs
{
    private static readonly Argument<string> Record = new("record") { Description = "Page of the Dutch trial register as text; - for standard input." };
    private static readonly Option<string> Patient = new("--patient") { Required = true, Description = "The patient at the hospital: Patient/123, or system|value of an identifier." };
    private static readonly Option<string> Consent = new("--consent") { Required = true, Description = "Day on which consent was given, YYYY-MM-DD." };
    private static readonly Option<string> Subject = new("--subject") { Description = "Subject number, such as 001; the next free one by default." };
    private static readonly Option<string> Study = new("--study") { Description = "The study.", DefaultValueFactory = _ => "ResearchStudy/atc-anakinra1" };
    private static readonly Option<string> Hospital = new("--hospital") { Description = "Name of the hospital in the configuration.", DefaultValueFactory = _ => HospitalOptions.DefaultName };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var import = new Command("import", "Turn a register record into a FHIR Bundle (standard output) and a report of every line (standard error).") { Record };
        import.SetAction(Import);
        var enroll = new Command("enroll", "Enrol a patient of the hospital; nothing is read of anybody else.") { Patient, Consent, Subject, Study, Hospital };
        enroll.SetAction(Enroll);
        return new Command("study", "The trial itself.") { import, enroll };
    }

    private static int Import(ParseResult arguments)
    {
        var path = arguments.GetValue(Record)!;
        if (path != "-" && !System.IO.File.Exists(path))
        {
            Console.Error.WriteLine($"There is no file {path}.");
            return ExitCode.CouldNotRun;
        }

        var imported = StudyImport.Run(path == "-" ? Console.In.ReadToEnd() : System.IO.File.ReadAllText(path));
        using (var output = Console.OpenStandardOutput())
        {
            output.Write(imported.Bundle);
            output.Write("\n"u8);
        }

        foreach (var line in imported.Lines)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Number,5} {Describe(line.Use),-9} {line.Where}"));
        }

        foreach (var use in Enum.GetValues<LineUse>())
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{imported.Lines.Count(line => line.Use == use),5} {Describe(use)}"));
        }

        return ExitCode.Done;
    }

    private static string Describe(LineUse use) => use switch
    {
        LineUse.Taken => "taken",
        LineUse.Structure => "heading",
        LineUse.Repeated => "repeated",
        _ => "NOT TAKEN",
    };

    private static async Task<int> Enroll(ParseResult arguments, CancellationToken cancel)
    {
        if (!DateOnly.TryParseExact(arguments.GetValue(Consent), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var consent))
        {
            Console.Error.WriteLine($"--consent is a day such as 2018-10-16; '{arguments.GetValue(Consent)}' is none.");
            return ExitCode.CouldNotRun;
        }

        var request = new EnrolmentRequest(arguments.GetValue(Study)!, arguments.GetValue(Patient)!, consent, arguments.GetValue(Subject), arguments.GetValue(Hospital)!);
        await using var exchange = await Exchange.Open();
        var enrolled = await exchange.Enroller.EnrollAsync(request, "cli", cancel);
        if (!enrolled.TryGet(out var subject, out var failure))
        {
            foreach (var issue in failure.Issues)
            {
                Console.Error.WriteLine(issue.Text);
            }

            return ExitCode.Invalid;
        }

        Console.WriteLine($"Subject {subject.SubjectNumber}: ResearchSubject/{subject.SubjectId}, Patient/{subject.PatientId}, Consent/{subject.ConsentId}");
        return ExitCode.Done;
    }
}
