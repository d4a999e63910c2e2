#include "CListingAssistProtos.h"
