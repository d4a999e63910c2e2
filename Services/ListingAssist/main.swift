print("listing-assist")
