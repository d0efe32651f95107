using System.Diagnostics.CodeAnalysis;

namespace Rookery.Kernel;

/// <summary>
/// What a use case answers: a value, or the problem that kept it from one. Expected outcomes travel here; faults are exceptions.
/// </summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Problem? problem)
    {
        _value = value;
        Problem = problem;
    }

    public Problem? Problem { get; }

    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <exception cref="InvalidOperationException">There is a problem instead of a value.</exception>
    public T Value =>
        Problem is null
            ? _value!
            : throw new InvalidOperationException($"No value: {Problem.Detail}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}

/// <summary>The value of a use case that has nothing to say but that it was done.</summary>
public readonly record struct Done
{
    public static readonly Done Instance;
}
