package dev.musicfs.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where the file and line, the variable or the flag
 * @param text what is wrong, starting with the key
 * @param inArguments whether it came from the command line
 */
public record Problem(String where, String text, boolean inArguments) {
    @Override
    public String toString() {
        return where + ": " + text;
    }
}
