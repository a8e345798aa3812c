package dev.musicfs.origin.s3;

/**
 * Where one request goes.
 *
 * @param host as in a URL, a literal IPv6 address in brackets
 * @param path percent-encoded, beginning with a slash
 */
record Target(boolean ssl, String host, int port, String path) {
    /** The host for a resolver. */
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    String endpoint() {
        return (ssl ? "https://" : "http://") + host + (port == (ssl ? 443 : 80) ? "" : ":" + port);
    }
}
