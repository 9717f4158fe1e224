using System.Reflection;
using System.Runtime.Loader;

namespace BacktestOps.Loader;

/// <summary>
/// The load context of the module: what <c>BacktestOps.PowerShell</c> depends on is loaded here, out of sight of
/// the user's session, so that other modules may bring other versions of the same libraries.
/// </summary>
/// <remarks>
/// <c>BacktestOps.Contracts</c> is the exception. Its types are what cmdlets take and give; users can only name
/// them when they are in the default context, so it is loaded there, once per process.
/// </remarks>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string Shared = "BacktestOps.Contracts";

    private static readonly Lock s_lock = new();
    private static ModuleLoadContext? s_instance;

    private readonly string _modulePath;
    private readonly AssemblyDependencyResolver _resolver;

    private ModuleLoadContext(string modulePath)
        : base("BacktestOps")
    {
        _modulePath = modulePath;
        _resolver = new AssemblyDependencyResolver(modulePath);
    }

    /// <summary>Loads the module's assembly, or returns the one that this process has loaded before.</summary>
    /// <param name="modulePath">Full path of <c>BacktestOps.PowerShell.dll</c>; its deps.json lies beside it.</param>
    /// <returns>The assembly with the cmdlets.</returns>
    /// <exception cref="InvalidOperationException">
    /// This process has loaded the module, or its contracts, from another folder. An assembly cannot be unloaded,
    /// so only a new session can help; the message says which two versions meet.
    /// </exception>
    public static Assembly Load(string modulePath)
    {
        modulePath = Path.GetFullPath(modulePath);
        lock (s_lock)
        {
            if (s_instance is null)
            {
                LoadShared(Path.Combine(Path.GetDirectoryName(modulePath)!, Shared + ".dll"));
                s_instance = new ModuleLoadContext(modulePath);
            }
            else if (s_instance._modulePath != modulePath)
            {
                throw OtherVersion(s_instance._modulePath, modulePath);
            }

            return s_instance.LoadFromAssemblyPath(modulePath);
        }
    }

    /// <inheritdoc />
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        if (assemblyName.Name == Shared) return null;

        // What the host brings (System.Management.Automation and all that ships with it) is not in our folder,
        // so the resolver finds nothing and the default context answers.
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc />
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;

    private static void LoadShared(string path)
    {
        var loaded = Default.Assemblies.FirstOrDefault(a => a.GetName().Name == Shared);
        if (loaded is null)
        {
            Default.LoadFromAssemblyPath(path);
            return;
        }

        // Another copy is as good when it is the same build; the module version id tells.
        if (!SameBuild(loaded, path)) throw OtherVersion(loaded.Location, path);
    }

    private static bool SameBuild(Assembly loaded, string path)
    {
        using var file = File.OpenRead(path);
        using var image = new System.Reflection.PortableExecutable.PEReader(file);
        var metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid) == loaded.ManifestModule.ModuleVersionId;
    }

    private static InvalidOperationException OtherVersion(string loaded, string wanted) => new(
        $"This session has already loaded BacktestOps from '{loaded}' and cannot also load '{wanted}'. "
        + "Start a new session to change versions.");
}
