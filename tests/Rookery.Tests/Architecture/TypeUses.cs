using System.Reflection;
using System.Reflection.Emit;

namespace Rookery.Tests.Architecture;

/// <summary>Which types a type names: in its bases, fields, signatures and in the code of its methods.</summary>
internal static class TypeUses
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Static
        | BindingFlags.Instance;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>All uses within an assembly, by the outermost types that stand in the source.</summary>
    public static IEnumerable<(Type User, Type Used)> In(Assembly assembly) =>
        assembly
            .GetTypes()
            .SelectMany(type => Of(type).Select(used => (Outermost(type), Outermost(used))))
            .Where(use => use.Item1 != use.Item2)
            .Distinct();

    public static Type Outermost(Type type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<Type> Of(Type type)
    {
        IEnumerable<Type?> named =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(Declared).Select(field => field.FieldType),
            .. type.GetMethods(Declared).SelectMany(OfMethod),
            .. type.GetConstructors(Declared).SelectMany(OfMethod),
        ];
        return named.OfType<Type>().SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> OfMethod(MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
        {
            yield return parameter.ParameterType;
        }

        if (method is MethodInfo { ReturnType: var answer })
        {
            yield return answer;
        }

        var body = method.GetMethodBody();
        foreach (var local in body?.LocalVariables ?? [])
        {
            yield return local.LocalType;
        }

        foreach (var used in OfCode(method, body?.GetILAsByteArray() ?? []))
        {
            yield return used;
        }
    }

    private static IEnumerable<Type> OfCode(MethodBase method, byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            var first = code[at++];
            var operation = Codes[first == 0xFE ? (short)(0xFE00 | code[at++]) : first];
            if (
                operation.OperandType
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
            {
                foreach (var type in Resolve(method, BitConverter.ToInt32(code, at)))
                {
                    yield return type;
                }
            }

            at += SizeOf(operation.OperandType, code, at);
        }
    }

    private static IEnumerable<Type> Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.GetGenericArguments();
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType!, field.FieldType],
            MethodInfo called =>
            [
                called.DeclaringType!,
                called.ReturnType,
                .. called.GetGenericArguments(),
                .. called.GetParameters().Select(parameter => parameter.ParameterType),
            ],
            ConstructorInfo made => [made.DeclaringType!],
            _ => [],
        };
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget
            or OperandType.ShortInlineI
            or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };

    /// <summary>A generic type and its arguments, an array and its elements.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericType
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
            : [type];
    }
}
