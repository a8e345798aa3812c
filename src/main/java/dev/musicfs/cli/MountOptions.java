package dev.musicfs.cli;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code -o} takes: the keys of {@code [fuse]}, some others, and what fstab says to mount(8) and not to us. */
final class MountOptions {
    private static final List<String> NOT_OURS = List.of(
            "defaults",
            "ro",
            "rw",
            "auto",
            "noauto",
            "user",
            "nouser",
            "users",
            "owner",
            "group",
            "nofail",
            "_netdev",
            "dev",
            "nodev",
            "suid",
            "nosuid",
            "exec",
            "noexec",
            "async",
            "atime",
            "noatime",
            "relatime",
            "norelatime",
            "nodiratime",
            "diratime",
            "strictatime",
            "nostrictatime",
            "lazytime",
            "nolazytime",
            "dirsync",
            "sync",
            "iversion",
            "noiversion",
            "mand",
            "nomand",
            "silent",
            "loud",
            "nosymfollow",
            "symfollow",
            "context",
            "fscontext",
            "defcontext",
            "rootcontext",
            "helper",
            "uhelper",
            "comment");

    private MountOptions() {}

    /** What is let be, since mount(8) alone minds it. */
    static List<String> notOurs() {
        return NOT_OURS;
    }

    /** The settings in {@code -o} values such as {@code uid=1000,allow_other}; the last of a name counts. */
    static Map<String, Flag> parse(List<String> values) {
        Map<String, String> keys = ConfigLoader.mountOptions();
        Map<String, Flag> flags = new LinkedHashMap<>();
        for (String value : values) {
            for (String option : value.split(",", -1)) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? option : option.substring(0, equals);
                String key = keys.get(name);
                if (key != null) {
                    String text = equals < 0 ? "true" : option.substring(equals + 1);
                    flags.put(key, new Flag("-o " + name, text));
                } else if (!option.isEmpty()
                        && !NOT_OURS.contains(name)
                        && !name.startsWith("x-")
                        && !name.startsWith("X-")) {
                    throw new IllegalArgumentException("-o knows no option \"" + name + "\"; it knows "
                            + String.join(", ", keys.keySet().stream().sorted().toList()));
                }
            }
        }
        return flags;
    }
}
