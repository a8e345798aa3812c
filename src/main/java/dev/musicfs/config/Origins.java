package dev.musicfs.config;

import dev.musicfs.model.OriginId;
import dev.musicfs.model.ServerUrl;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes origins of bare paths and of URLs, as the command line and the environment give them. */
final class Origins {
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final String LOCAL = "local";

    private final Settings settings;
    private final Environment environment;
    private final List<OriginType> types;

    Origins(Settings settings, Environment environment, List<OriginType> types) {
        this.settings = settings;
        this.environment = environment;
        this.types = types;
    }

    /** Those of these paths and URLs, in order; the same one twice is one origin. */
    List<OriginConfig> of(List<String> paths, String where, Setting.Source source) {
        Map<OriginId, OriginConfig> origins = new LinkedHashMap<>();
        for (String text : paths) {
            Setting setting = new Setting(text, where, 0, source);
            try {
                OriginConfig origin = of(setting, text);
                origins.putIfAbsent(origin.id(), origin);
            } catch (ValueType.Refused refused) {
                settings.problem(setting, String.valueOf(refused.getMessage()));
            }
        }
        return List.copyOf(origins.values());
    }

    private OriginConfig of(Setting setting, String text) throws ValueType.Refused {
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return ofUrl(text, url.group(1).toLowerCase(Locale.ROOT));
        }
        try {
            Path path = ValueType.path().read(setting, environment);
            return OriginConfig.of(idFor(path), byName(types, LOCAL), new OriginSettings(Map.of("path", path)));
        } catch (ValueType.Refused refused) {
            throw new ValueType.Refused("each origin " + refused.getMessage());
        }
    }

    private OriginConfig ofUrl(String text, String scheme) throws ValueType.Refused {
        OriginType type = types.stream()
                .filter(known -> known.schemes().contains(scheme))
                .findFirst()
                .orElseThrow(() -> new ValueType.Refused(
                        "origins cannot be read over " + scheme + ": " + ServerUrl.redacted(text)));
        ServerUrl url;
        try {
            url = ServerUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ValueType.Refused(
                    "the origin " + ServerUrl.redacted(text) + " is not a URL of a server: " + e.getMessage());
        }
        if (url.hasPassword()) {
            throw new ValueType.Refused("the origin " + ServerUrl.redacted(text)
                    + " has a password in it, which others can see; give it in a configuration file instead");
        }
        OriginSettings own = new OriginSettings(Map.of("url", text));
        List<String> problems = type.problems(own);
        if (!problems.isEmpty()) {
            throw new ValueType.Refused("the origin " + ServerUrl.redacted(text) + ": " + String.join("; ", problems));
        }
        return OriginConfig.of(idFor(ServerUrl.inUrl(url.host()), text), type, own);
    }

    /** The type of this name, which there must be. */
    static OriginType byName(List<OriginType> types, String name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no backend for origins of type " + name));
    }

    /** The name of an origin given as a bare path: the same at every start, since the catalog keeps it. */
    static OriginId idFor(Path path) {
        Path last = path.getFileName();
        return idFor(last == null ? "root" : last.toString(), path.toString());
    }

    private static OriginId idFor(String name, String whole) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        String hash = String.format(Locale.ROOT, "%08x", whole.hashCode());
        return new OriginId(safe.substring(0, Math.min(safe.length(), 48)) + "-" + hash);
    }
}
