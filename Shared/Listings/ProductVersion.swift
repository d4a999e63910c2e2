/// The release of this code, as the services and the command print it.
public enum ProductVersion {
    public static let current = "0.1.0"
}
