print("price-service")
