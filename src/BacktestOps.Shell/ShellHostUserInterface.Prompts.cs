using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace BacktestOps.Shell;

/// <summary>Questions: missing parameters, confirmations, credentials.</summary>
internal sealed partial class ShellHostUserInterface
{
    /// <inheritdoc />
    public override Dictionary<string, PSObject?> Prompt(string? caption, string? message, Collection<FieldDescription> descriptions)
    {
        ArgumentNullException.ThrowIfNull(descriptions);
        RequireSomebody($"a value for {string.Join(", ", descriptions.Select(d => d.Name))}");
        WriteHeading(caption, message);
        var answers = new Dictionary<string, PSObject?>();
        foreach (var field in descriptions)
        {
            var type = LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var named) && named is not null
                ? named : Type.GetType(field.ParameterTypeFullName) ?? typeof(string);
            answers[field.Name] = AskFor(field.Name, type);
        }

        return answers;
    }

    /// <inheritdoc />
    public override int PromptForChoice(string? caption, string? message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        ArgumentNullException.ThrowIfNull(choices);
        RequireSomebody("a choice");
        WriteHeading(caption, message);
        var keys = choices.Select(Key).ToList();
        while (true)
        {
            for (var i = 0; i < choices.Count; i++) Write($"[{keys[i]}] {Label(choices[i])}  ");
            Write(defaultChoice >= 0 ? $"[?] Help (default is \"{keys[defaultChoice]}\"): " : "[?] Help: ");
            var answer = (ReadAnswer() ?? throw NoAnswer("a choice")).Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            if (answer == "?")
            {
                for (var i = 0; i < choices.Count; i++) WriteLine($"{keys[i]} - {choices[i].HelpMessage}");
                continue;
            }

            var chosen = keys.FindIndex(k => string.Equals(k, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen < 0)
                chosen = choices.ToList().FindIndex(c => string.Equals(Label(c), answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0) return chosen;
        }
    }

    /// <inheritdoc />
    public override PSCredential PromptForCredential(string? caption, string? message, string? userName, string? targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string? caption, string? message, string? userName, string? targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RequireSomebody("a credential");
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }

        Write($"Password for {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private PSObject? AskFor(string name, Type type)
    {
        if (type.IsArray)
        {
            var items = new List<object?>();
            while (true)
            {
                Write(string.Create(CultureInfo.InvariantCulture, $"{name}[{items.Count}]: "));
                var item = ReadLine();
                if (item.Length == 0) break;
                items.Add(item);
            }

            return PSObject.AsPSObject(LanguagePrimitives.ConvertTo(items.ToArray(), type, CultureInfo.InvariantCulture));
        }

        while (true)
        {
            Write($"{name}: ");
            if (type == typeof(SecureString)) return PSObject.AsPSObject(ReadLineAsSecureString());
            if (type == typeof(PSCredential)) return PSObject.AsPSObject(PromptForCredential(null, null, null, name));
            var text = ReadLine();
            try
            {
                return PSObject.AsPSObject(LanguagePrimitives.ConvertTo(text, type, CultureInfo.InvariantCulture));
            }
            catch (PSInvalidCastException e)
            {
                WriteErrorLine(e.Message);
            }
        }
    }

    private void WriteHeading(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption)) WriteLine(caption);
        if (!string.IsNullOrEmpty(message)) WriteLine(message);
    }

    private static string Label(ChoiceDescription choice) => choice.Label.Replace("&", "", StringComparison.Ordinal);

    // "&Yes" is answered with Y; a label without an ampersand with the whole of it.
    private static string Key(ChoiceDescription choice)
    {
        var at = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return at >= 0 && at + 1 < choice.Label.Length
            ? choice.Label.Substring(at + 1, 1).ToUpperInvariant() : choice.Label;
    }
}
