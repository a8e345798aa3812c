package dev.musicfs.config;

import java.util.Set;
import java.util.stream.Collectors;

/** The keys that a configuration may have, those of origins aside. */
public final class KeyNames {
    private KeyNames() {}

    /** Such as {@code fuse.uid}. */
    public static Set<String> keys() {
        return ConfigKeys.all().stream().map(Key::name).collect(Collectors.toSet());
    }

    /** Such as {@code MUSICFS_FUSE_UID}. */
    public static Set<String> variables() {
        Set<String> variables = ConfigKeys.all().stream().map(Key::variable).collect(Collectors.toSet());
        variables.add(ConfigLoader.ORIGINS_VARIABLE);
        return variables;
    }
}
