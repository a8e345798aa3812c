package dev.musicfs.library;

import dev.musicfs.config.LibraryConfig;
import dev.musicfs.model.RealPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of an origin is passed over: the last rule that fits a name decides. First come those of the configuration, then those
 * of the {@value #FILE} of each directory, from the root downwards. Immutable.
 */
final class IgnoreRules {
    /** The file in which a directory says what of it is no music. */
    static final String FILE = ".musicfsignore";

    /** Bytes of such a file that are read. */
    static final int LONGEST_FILE = 64 << 10;

    /** Rules one file may have. */
    static final int MOST_RULES = 500;

    private final List<Rule> rules;

    private record Rule(Glob glob, RealPath base, boolean keep, String why) {
        boolean isAbove(RealPath path) {
            return base.isRoot() || path.value().startsWith(base.value() + "/");
        }
    }

    private IgnoreRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Those of the configuration; its patterns have been checked. */
    static IgnoreRules of(LibraryConfig config) {
        List<Rule> rules = new ArrayList<>();
        config.exclude().forEach(text -> rules.add(new Rule(new Glob(text), RealPath.ROOT, false, text)));
        config.include().forEach(text -> rules.add(new Rule(new Glob(text), RealPath.ROOT, true, text)));
        return new IgnoreRules(rules);
    }

    /**
     * These and those of a file: a pattern a line, {@code #} begins a comment, {@code !} takes a rule back, and
     * a backslash before either makes it part of the pattern. A line that is no
     * pattern, and what goes beyond {@value #MOST_RULES}, says nothing.
     */
    IgnoreRules with(RealPath folder, String file) {
        List<Rule> all = new ArrayList<>(rules);
        String why = (folder.isRoot() ? "" : folder + "/") + FILE;
        for (String line : file.split("\\R", -1)) {
            String text = line.strip();
            boolean keep = text.startsWith("!");
            String rest = keep ? text.substring(1).strip() : text;
            String pattern = rest.startsWith("\\#") || rest.startsWith("\\!") ? rest.substring(1) : rest;
            if (!pattern.isEmpty()
                    && !text.startsWith("#")
                    && pattern.length() <= Glob.LONGEST
                    && !pattern.equals("/")
                    && all.size() - rules.size() < MOST_RULES) {
                all.add(new Rule(new Glob(pattern), folder, keep, why));
            }
        }
        return new IgnoreRules(all);
    }

    /** Why an entry is passed over: the pattern, or the file that says so; empty when it is not. */
    Optional<String> passesOver(RealPath path, boolean directory) {
        for (int i = rules.size() - 1; i >= 0; i--) {
            Rule rule = rules.get(i);
            if (rule.isAbove(path) && rule.glob.matches(rule.base, path, directory)) {
                return rule.keep ? Optional.empty() : Optional.of(rule.why);
            }
        }
        return Optional.empty();
    }
}
