using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Files;

/// <summary>Which file system a path of this machine lies on; proc(5), /proc/self/mountinfo.</summary>
internal sealed partial class MountTable
{
    // Locks on these are kept by another machine, or by nobody. FUSE is named by its sub type: fuse.sshfs is remote, fuseblk is a disk.
    private static readonly string[] NetworkTypes =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "lustre", "gfs2", "ocfs2", "beegfs", "gpfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph-fuse", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs", "virtiofs", "vboxsf",
    ];

    private readonly List<(string Point, string Type)> _mounts = [];

    public MountTable(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            // Before the dash a variable number of fields, of which the fifth is the mount point; after it the type.
            var dash = line.IndexOf(" - ", StringComparison.Ordinal);
            var fields = line.Split(' ');
            if (dash < 0 || fields.Length < 5) continue;
            _mounts.Add((Unescape(fields[4]), line[(dash + 3)..].Split(' ')[0]));
        }
    }

    public static MountTable Read() => new(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>The type of the file system of a folder when it is a network one; null for a local one.</summary>
    public string? NetworkType(string folder)
    {
        var real = RealPath.Of(folder);
        // The last of equal mount points covers those before it.
        var type = _mounts.Where(mount => IsWithin(real, mount.Point)).OrderBy(mount => mount.Point.Length).LastOrDefault().Type;
        return type is not null && NetworkTypes.Contains(type, StringComparer.Ordinal) ? type : null;
    }

    private static bool IsWithin(string path, string point) =>
        point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);

    private static string Unescape(string field) =>
        OctalPattern().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})", RegexOptions.CultureInvariant)]
    private static partial Regex OctalPattern();
}
